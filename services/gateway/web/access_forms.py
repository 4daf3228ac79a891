"""The forms of access administration: what each holds at first, and the request it makes."""

from collections.abc import Mapping

from services.gateway.web.contact_values import Body, field_finder, required
from services.gateway.web.forms import Form, moment
from services.gateway.web.marking import N_
from services.gateway.web.page import View
from shared.errors import FieldError

FIELDS = {
    "/reason": "reason", "/level": "level", "/username": "username", "/display_name": "display_name",
    "/organisation_id": "organisation", "/language": "language", "/name": "name", "/kind": "what",
    "/expires_at": "expires_date", "/account_id": "account", "/account": "account",
    "/overlap_hours": "overlap_hours", "/credential_id": "what",
    "/public_key": "public_key", "/issuer": "issuer", "/identity": "identity", "/identity_id": "what",
    "/passkey_id": "what",
}  # fmt: skip
find_field = field_finder(FIELDS)
# Grants have a name, too, and it is in the field of what is granted.
find_granted = field_finder(FIELDS | {"/name": "what"})
END_OF_DAY = "23:59"
# Whether it is taken over what somebody else may have written: held to the version that was read.
OVERWRITING = frozenset({"amend"})
OVERLAP_HOURS = "24"


def first_values(step: str, view: View, asked: Mapping[str, str]) -> dict[str, str]:
    match step:
        case "amend":
            return {
                "username": view["username"],
                "display_name": view["display_name"],
                "organisation": view["organisation_id"],
                "language": view["language"],
                "version": view["version"],
            }
        case "set_level":
            return {"level": view["level"]}
        case "add_secret":
            return {"overlap_hours": OVERLAP_HOURS}
        case _:
            return {"what": asked.get("what", "")}


def body_of(step: str, form: Form) -> Body:
    """What is missing is said beside its field."""
    required(form, "reason")
    why: Body = {"reason": form["reason"]}
    match step:
        case "amend":
            return why | person_fields(form)
        case "set_level":
            required(form, "level")
            return why | {"level": form["level"]}
        case "grant":
            return why | _granted(form) | {"expires_at": _expiry(form)}
        case "revoke":
            return why | _granted(form)
        case "link_identity" | "unlink_identity" | "remove_passkey":
            return why | _way_in(step, form)
        case "add_secret" | "add_key" | "end_credential":
            return why | _credential(step, form)
        case _:
            return why


def _way_in(step: str, form: Form) -> Body:
    if step == "link_identity":
        required(form, "issuer", "kind", "identity")
        return {name: form[name] for name in ("issuer", "kind", "identity")}
    required(form, "what")
    return {"passkey_id" if step == "remove_passkey" else "identity_id": form["what"]}


def _credential(step: str, form: Form) -> Body:
    if step == "end_credential":
        required(form, "what")
        return {"credential_id": form["what"]}
    if step == "add_secret":
        return {"overlap_hours": _hours(form)}
    required(form, "public_key")
    hours = _hours(form) if form["overlap_hours"] else None
    return {"public_key": form["public_key"], "overlap_hours": hours}


def person_fields(form: Form) -> Body:
    required(form, "display_name", "username", "organisation")
    return {
        "username": form["username"],
        "display_name": form["display_name"],
        "organisation_id": form["organisation"],
        "language": form["language"],
    }


def enrolled(form: Form) -> Body:
    required(form, "level", "reason")
    return person_fields(form) | {"level": form["level"], "reason": form["reason"]}


def registered(form: Form, account_id: str | None) -> Body:
    required(form, "account", "name", "level", "reason")
    return {"account_id": account_id, **{n: form[n] for n in ("name", "level", "reason")}}


def admitted(form: Form, organisation_id: str | None) -> Body:
    required(form, "organisation", "level", "reason")
    return {
        "organisation_id": organisation_id,
        "name": form["organisation"],
        "level": form["level"],
        "reason": form["reason"],
    }


def _granted(form: Form) -> Body:
    """What was chosen is a kind and a name, as `role:witness`."""
    required(form, "what")
    kind, _, name = form["what"].partition(":")
    return {"kind": kind, "name": name}


def _expiry(form: Form) -> str | None:
    """Without a time the end of the day, UTC."""
    if not form["expires_date"] and not form["expires_time"]:
        return None
    found = moment(form["expires_date"], form["expires_time"] or END_OF_DAY)
    if found is None:
        form.add(
            FieldError("/expires_at", "invalid", N_("Give a date and a time.")), "expires_date"
        )
    return found


def _hours(form: Form) -> int | None:
    if form["overlap_hours"].isdecimal():
        return int(form["overlap_hours"])
    form.add(
        FieldError("/overlap_hours", "invalid", N_("Give a number of hours.")), "overlap_hours"
    )
    return None

"""What is said of a person after registering: each step from its form to its request, and back to first
values."""

from collections.abc import Sequence

from services.gateway.web.contact_values import (
    Body,
    field_finder,
    grade,
    name,
    required,
    spoken,
    text,
)
from services.gateway.web.forms import Form
from services.gateway.web.person_form import alias
from services.gateway.web.ports import View

SPARE_ROWS, ROWS = 2, 6
FIELDS = {
    "/described_as": "described_as", "/note": "note", "/name": "name", "/aliases": "name",
    "/form_of_address": "form_of_address", "/alias": "alias", "/language": "language",
    "/profile": "listening", "/assessed_on": "assessed_on", "/expires_on": "expires_on",
    "/organisation_id": "organisation", "/tie": "tie", "/since": "since", "/until": "until",
    "/notes": "text_0", "/contact_details": "value_0", "/private_note": "private_note",
}  # fmt: skip


def amend_body(form: Form, view: View, lang: str) -> Body:
    required(form, "described_as")
    return {
        "described_as": text(form, "described_as", lang, view.get("described_as")),
        "note": text(form, "note", lang, view.get("note")),
    }


def rename_body(form: Form, view: View, lang: str) -> Body:
    """Other names stay unless they are unticked; one that was erased cannot stay."""
    required(form, "name")
    known = view.get("identity") or {}
    kept = [one for n, one in enumerate(known.get("aliases") or ()) if _is_kept(form, n, one)]
    return {
        "name": name(form, "name", known.get("name")),
        "aliases": kept,
        "form_of_address": text(form, "form_of_address", lang, known.get("form_of_address")),
    }


def alias_body(form: Form, view: View, lang: str) -> Body:
    required(form, "alias")
    return {"alias": alias(form)}


def language_body(form: Form, view: View, lang: str) -> Body:
    required(form, "language", "listening")
    return spoken(form)


def tie_body(form: Form, view: View, lang: str) -> Body:
    required(form, "organisation")
    told: Body = {"tie": form["tie"] or "member", "grade": grade(form)}
    return told | {day: form[day] for day in ("since", "until") if form[day]}


def protocol_body(form: Form, view: View, lang: str) -> Body:
    known = (view.get("protocol") or {}).get("notes") or ()
    before = [known[row]["text"] if row < len(known) else None for row in range(rows_of(known))]
    return {
        "notes": [
            {"topic": form[f"topic_{row}"] or "other", "text": text(form, f"text_{row}", lang, was)}
            for row, was in enumerate(before)
            if form[f"text_{row}"]
        ]
    }


def private_body(form: Form, view: View, lang: str) -> Body:
    details = [_detail(form, row, lang) for row in range(ROWS) if form[f"value_{row}"]]
    return {"contact_details": details, "private_note": text(form, "private_note", lang)}


def rows_of(known: Sequence[View]) -> int:
    return len(known) + SPARE_ROWS


def first_values(step: str, view: View) -> dict[str, str]:
    """What the form of a step shows before anybody typed."""
    match step:
        case "amend":
            return {part: _said(view.get(part)) for part in ("described_as", "note")}
        case "rename":
            return _named(view.get("identity") or {})
        case "protocol":
            notes = (view.get("protocol") or {}).get("notes") or ()
            topics = {f"topic_{n}": one["topic"] for n, one in enumerate(notes)}
            return topics | {f"text_{n}": _said(one["text"]) for n, one in enumerate(notes)}
        case _:
            return {}


def private_values(private: View) -> dict[str, str]:
    """The form of what may replace the details that were just read."""
    values = {"private_note": _said(private.get("private_note"))}
    for row, one in enumerate(private.get("contact_details") or ()):
        values |= {f"means_{row}": one["means"], f"value_{row}": str(one["value"])}
        values[f"note_{row}"] = _said(one.get("note"))
    return values


def _named(identity: View) -> dict[str, str]:
    known = identity.get("name") or {}
    address = _said(identity.get("form_of_address"))
    kept = {f"keep_{n}": "yes" for n in range(len(identity.get("aliases") or ()))}
    return kept | {
        "name": _said(known), "name_lang": known.get("lang") or "", "form_of_address": address
    }  # fmt: skip


def _is_kept(form: Form, row: int, one: View) -> bool:
    return form[f"keep_{row}"] == "yes" and bool(one["name"].get("text"))


def _detail(form: Form, row: int, lang: str) -> Body:
    told: Body = {"means": form[f"means_{row}"] or "other", "value": form[f"value_{row}"]}
    note = text(form, f"note_{row}", lang)
    return told | ({"note": note} if note else {})


def _said(words: View | None) -> str:
    return str((words or {}).get("text") or "")


BODIES = {
    "amend": amend_body, "rename": rename_body, "alias": alias_body, "language": language_body,
    "tie": tie_body, "protocol": protocol_body, "private": private_body,
}  # fmt: skip
person_step_field = field_finder(FIELDS)

"""The plan form: from what was typed to the request of shared/api, and from its errors back to fields."""

from collections.abc import Mapping
from typing import Any

from services.gateway.web.forms import GENERAL, Form, moment
from services.gateway.web.words import N_
from shared.errors import FieldError

Body = dict[str, Any]  # Any: JSON, checked by the service
ROWS = 5
HELD = "held"
FIELDS = {
    "type": "type", "purpose": "purpose", "desired_effect": "desired_effect", "starts_at": "date",
    "ends_at": "duration_minutes", "duration_minutes": "duration_minutes", "place": "place",
    "language": "language", "label": "level", "group_labels": "level", "exact_place": "latitude",
    "own_side": "talking_points", "source": "source",
}  # fmt: skip


def plan_body(form: Form, organisations: Mapping[str, str], lang: str) -> Body:
    """Times are taken as UTC. `organisations`: ids by the name typed. Adds its own errors to the form."""
    body: Body = {
        "type": form["type"] or None,
        "purpose": words(form["purpose"], lang),
        "starts_at": _starts_at(form),
        "duration_minutes": _number(form, "duration_minutes", int) or 60,
        "participants": _participants(form, organisations, lang),
        **_place(form),
        **label_body(form),
        **_exact_place(form, lang),
        **_own_side(form, lang),
        **source(form, lang),
    }
    for name in ("desired_effect", "language"):
        if form[name]:
            body[name] = form[name]
    if form["status"] != HELD:
        body["status"] = form["status"] or "planned"
    _require(form, body)
    return body


def plan_field(form: Form, pointer: str) -> str:
    """The field a pointer into the body belongs to."""
    steps = pointer.strip("/").split("/")
    if steps[0] == "participants" and len(steps) > 1 and steps[1].isdigit():
        filled = [row for row in range(ROWS) if _filled(form, row)]
        return f"who_{filled[int(steps[1])]}" if int(steps[1]) < len(filled) else GENERAL
    return FIELDS.get(steps[0], GENERAL)


def words(text: str, lang: str) -> dict[str, str] | None:
    return {"text": text, "lang": lang} if text else None


def source(form: Form, lang: str) -> Body:
    if not form["source"]:
        return {}
    grade = {
        "reliability": form["reliability"] or "F",
        "credibility": form["credibility"] or "6",
    }
    return {"source": {"description": words(form["source"], lang), "grade": grade}}


def _require(form: Form, body: Body) -> None:
    for key, name in (("type", "type"), ("purpose", "purpose")):
        if not body[key]:
            form.add(FieldError(f"/{key}", "missing", N_("This is needed.")), name)


def _starts_at(form: Form) -> str | None:
    found = moment(form["date"], form["time"])
    if found is None:
        form.add(FieldError("/starts_at", "missing", N_("Give a date and a time.")), "date")
    return found


def _place(form: Form) -> Body:
    if form["place_id"]:
        return {"place": {"place_id": form["place_id"]}}
    return {"place": {"name": form["place"]}} if form["place"] else {}


def label_body(form: Form) -> Body:
    if not form["level"]:
        return {}
    audiences = list(form.many.get("releasable_to", ()))
    wire = {"level": form["level"], "releasable_to": [audiences] if audiences else []}
    return {"label": wire}


def _filled(form: Form, row: int) -> bool:
    return bool(form[f"organisation_{row}"] or form[f"name_{row}"])


def _participants(form: Form, organisations: Mapping[str, str], lang: str) -> list[Body]:
    return [
        _participant(form, row, organisations, lang) for row in range(ROWS) if _filled(form, row)
    ]


def _participant(form: Form, row: int, organisations: Mapping[str, str], lang: str) -> Body:
    side, typed = form[f"side_{row}"] or "counterpart", form[f"organisation_{row}"]
    if not typed:
        return {"side": side, "name": {"text": form[f"name_{row}"], "lang": lang}}
    if form[f"name_{row}"]:
        said = N_("Give an organisation or a person, not both in one row.")
        form.add(FieldError("", "both", said), f"who_{row}")
    if typed not in organisations:
        said = N_("No organisation that you may see has exactly this name.")
        form.add(FieldError("", "unknown_organisation", said), f"who_{row}")
    return {"side": side, "organisation_id": organisations.get(typed)}


def _exact_place(form: Form, lang: str) -> Body:
    if not form["latitude"] and not form["longitude"]:
        return {}
    point = {
        "lat": _number(form, "latitude", float),
        "lon": _number(form, "longitude", float),
    }
    return {"exact_place": {"point": point, "description": words(form["exact_words"], lang)}}


def _own_side(form: Form, lang: str) -> Body:
    names = ("talking_points", "do_not_say", "red_lines")
    noted = {name: [words(line, lang) for line in form.lines(name)] for name in names}
    return {"own_side": noted} if any(noted.values()) else {}


def _number(form: Form, name: str, read: type[int] | type[float]) -> float | None:
    if not form[name]:
        return None
    try:
        return read(form[name])
    except ValueError:
        form.add(FieldError("", "not_a_number", N_("This is not a number.")), name)
        return None

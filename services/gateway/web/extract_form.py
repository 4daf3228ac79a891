"""The form of an extract: of each kind, which words are written anew and what may be kept of the record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.web.contact_values import Body, name, required
from services.gateway.web.forms import GENERAL, KEY_FIELD, Form, moment
from services.gateway.web.marking import N_
from services.gateway.web.plan_form import words
from services.gateway.web.ports import View
from services.gateway.web.release_form import ORGANISATION
from services.gateway.web.steps import new_key
from services.gateway.web.times import parsed
from shared.errors import FieldError
from shared.ids import Kind

HELD = ("held", "debriefed", "closed")
MANY = ("releasable_to", "caveat", "keep")
MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Shape:
    """`texts`: what is written anew, the first of it needed. `keeps`: what may be kept as it is."""

    service: str
    texts: tuple[str, ...]
    keeps: tuple[str, ...]
    always: Callable[[Form, View], Body]


def shape_of(view: View) -> Shape | None:
    """None: no extract of such a record is made on a page."""
    return _SHAPES.get(Kind(view["kind"]))


def first_values(view: View, shape: Shape) -> Form:
    """The record's own words, its level and caveats, and nobody but its owner, and whoever controls it."""
    values = {n: str((view.get(n) or {}).get("text") or "") for n in shape.texts}
    starts = parsed(view.get("starts_at"))
    if starts:
        values |= {"date": f"{starts:%Y-%m-%d}", "time": f"{starts:%H:%M}"}
    values |= {KEY_FIELD: new_key(), "level": str(view["label"]["level"])}
    marked = view.get("marked") or {}
    by = marked.get("originator") if marked.get("originator_control") else None
    audiences = [f"{ORGANISATION}{by}"] if by and by != view["owner"] else []
    caveats = list(view["label"].get("caveats") or ())
    return Form(values, {"releasable_to": audiences, "caveat": caveats, "keep": []})


def label_in(form: Form) -> Body:
    audiences = list(form.many.get("releasable_to", ()))
    return {
        "level": form["level"],
        "releasable_to": [audiences] if audiences else [],
        "caveats": list(form.many.get("caveat", ())),
    }


def extract_path(view: View, plural: str) -> str:
    """Where it is made: what has been held is recorded as held."""
    held = view["kind"] == Kind.ENGAGEMENT and view["status"] in HELD
    return f"/{plural}/record_held" if held else f"/{plural}"


def extract_body(form: Form, view: View, shape: Shape, lang: str) -> Body:
    """Adds its own errors to the form."""
    required(form, shape.texts[0])
    kept = {n: _KEPT.get(n, _as_it_is)(view.get(n)) for n in form.many["keep"] if n in shape.keeps}
    told = {n: _said(form, view, n, lang) for n in shape.texts if form[n] and n != "summary"}
    return {
        **{n: value for n, value in kept.items() if value not in (None, [])},
        **told,
        **shape.always(form, view),
        **_debrief(form, view, lang),
        "label": label_in(form),
        "extract_of": view["id"],
    }


def extract_field(pointer: str) -> str:
    """The field a pointer into the body belongs to."""
    steps = pointer.strip("/").split("/")
    return {"label": "level", "starts_at": "date", "debrief": "summary"}.get(steps[0], "") or (
        steps[0] if any(steps[0] in shape.texts for shape in _SHAPES.values()) else GENERAL
    )


def _said(form: Form, view: View, field: str, lang: str) -> Body | None:
    before = view.get(field) or {}
    if view["kind"] == Kind.ORGANISATION and field == "name":
        return name(form, field, before)
    same = before.get("text") == form[field]
    return words(form[field], before["lang"] if same and before.get("lang") else lang)


def _debrief(form: Form, view: View, lang: str) -> Body:
    told = view["kind"] == Kind.ENGAGEMENT and view["status"] in HELD and form["summary"]
    return {"debrief": {"summary": words(form["summary"], lang)}} if told else {}


def _meeting(form: Form, view: View) -> Body:
    starts_at = moment(form["date"], form["time"])
    if starts_at is None:
        form.add(FieldError("/starts_at", "missing", N_("Give a date and a time.")), "date")
    first, last = parsed(view.get("starts_at")), parsed(view.get("ends_at"))
    lasted = int((last - first).total_seconds() // 60) if first and last else 0
    minutes = {"duration_minutes": lasted} if 0 < lasted <= MINUTES_OF_A_DAY else {}
    return {"type": view.get("engagement_type"), "starts_at": starts_at, **minutes}


def _promise(form: Form, view: View) -> Body:
    return {"direction": view.get("direction")}


def _house(form: Form, view: View) -> Body:
    return {"organisation_kind": view.get("organisation_kind") or "unknown"}


def _nothing_else(form: Form, view: View) -> Body:
    return {}


def _as_it_is(value: Any) -> Any:  # Any: JSON of a view
    return value


def _place(value: Any) -> Any:  # Any: JSON of a view
    told: Mapping[str, Any] = value or {}
    if told.get("place_id"):
        return {"place_id": told["place_id"]}
    text = told.get("text")
    return {"name": text} if text else None


def _organisations(value: Any) -> Any:  # Any: JSON of a view
    """People who are named at a meeting are named at that one alone."""
    return [
        {"side": one["side"], "organisation_id": one["organisation_id"]}
        for one in value or ()
        if one.get("organisation_id")
    ]


def _party(value: Any) -> Any:  # Any: JSON of a view
    return {n: id_ for n, id_ in (value or {}).items() if n.endswith("_id") and id_} or None


def _identity(value: Any) -> Any:  # Any: JSON of a view
    return {"name": value["name"]} if value and value.get("name") else None


def _ties(value: Any) -> Any:  # Any: JSON of a view
    return [{"organisation_id": one["organisation_id"], "tie": one["tie"]} for one in value or ()]


_KEPT: Mapping[str, Callable[[Any], Any]] = {  # Any: JSON of a view
    "place": _place,
    "participants": _organisations,
    "by": _party,
    "to": _party,
    "identity": _identity,
    "ties": _ties,
}
_SHAPES: Mapping[Kind, Shape] = {
    Kind.ENGAGEMENT: Shape(
        "engagements",
        ("purpose", "summary"),
        ("place", "participants", "desired_effect"),
        _meeting,
    ),
    Kind.COMMITMENT: Shape(
        "engagements",
        ("what", "conditions", "evidence_expected"),
        ("by", "to", "due_at", "formality"),
        _promise,
    ),
    Kind.PERSON: Shape("contacts", ("described_as", "note"), ("identity", "ties"), _nothing_else),
    Kind.ORGANISATION: Shape("contacts", ("name", "note"), ("short_name", "affiliation"), _house),
    Kind.POST: Shape(
        "contacts", ("name", "note"), ("organisation_id", "place_id", "area"), _nothing_else
    ),
}

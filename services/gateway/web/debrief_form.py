"""The debrief form: who said what, and what came of it; and the meeting itself when nobody planned it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.web.forms import GENERAL, Form, moment
from services.gateway.web.marking import N_
from services.gateway.web.plan_form import label_body, source, words
from services.gateway.web.references import reference
from shared.errors import FieldError

Body = dict[str, Any]  # Any: JSON, checked by the service
Due = Callable[[str], str | None]
WHO_ROWS, PROMISE_ROWS, SAID_ROWS = 8, 6, 4
MINUTES = 30
TEXTS = ("outcomes", "next_steps", "atmosphere_details")
NEEDED = N_("This is needed.")
NOT_A_DAY = N_("This is not a day. Write it as 2026-12-01, fri or +7d.")
MEETING = {
    "type": "type", "purpose": "purpose", "starts_at": "date", "duration_minutes": "date",
    "place": "place", "label": "level",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at the meeting. `id`: None for who is known by name only; `row`: where it was typed."""

    side: str
    name: str
    id: str | None
    row: int | None = None


def meeting_body(form: Form, present: Sequence[Present], purpose: str, lang: str) -> Body:
    """A meeting nobody planned; times are UTC. `purpose`: what it is called when nothing was typed."""
    starts_at = moment(form["date"], form["time"])
    if starts_at is None:
        form.add(FieldError("/starts_at", "missing", N_("Give a date and a time.")), "date")
    minutes = form["duration_minutes"]
    place = form["place_id"], form["place"]
    where = {"place_id": place[0]} if place[0] else {"name": place[1]} if place[1] else None
    return {
        "type": form["type"] or "routine_liaison",
        "purpose": words(form["purpose"] or purpose, lang),
        "starts_at": starts_at,
        "duration_minutes": int(minutes) if minutes.isdigit() else MINUTES,
        **({"place": where} if where else {}),
        "participants": [_participant(one, lang) for one in present],
        **label_body(form),
    }


def debrief_body(form: Form, present: Sequence[Present], due: Due, lang: str) -> Body:
    """Adds its own errors to the form."""
    if not form["summary"]:
        form.add(FieldError("/summary", "missing", NEEDED), "summary")
    body: Body = {"summary": words(form["summary"], lang), **source(form, lang)}
    body |= {name: words(form[name], lang) for name in TEXTS if form[name]}
    if form["atmosphere"]:
        body["atmosphere"] = form["atmosphere"]
    statements = [_statement(form, row, lang) for row in _filled(form, "statement", SAID_ROWS)]
    promises = _promises(form, present, due, lang)
    return (
        body
        | ({"statements": statements} if statements else {})
        | ({"commitments": promises} if promises else {})
    )


def debrief_field(form: Form, pointer: str) -> str:
    """The field a pointer into the body belongs to, within `debrief` or not."""
    steps = [step for step in pointer.strip("/").split("/") if step != "debrief"] or [""]
    rows = {
        "statements": ("statement", SAID_ROWS),
        "commitments": ("what", PROMISE_ROWS),
        "participants": ("who", WHO_ROWS),
    }
    if steps[0] in rows and len(steps) > 1 and steps[1].isdigit():
        name, count = rows[steps[0]]
        filled, at = _filled(form, name, count), int(steps[1])
        return f"{name}_{filled[at]}" if at < len(filled) else GENERAL
    known = ("summary", "atmosphere", "source", *TEXTS)
    return MEETING.get(steps[0]) or (steps[0] if steps[0] in known else GENERAL)


def _filled(form: Form, name: str, count: int) -> list[int]:
    return [row for row in range(count) if form[f"{name}_{row}"]]


def _participant(one: Present, lang: str) -> Body:
    if one.id is None:
        return {"side": one.side, "name": {"text": one.name, "lang": lang}}
    return {"side": one.side, **reference(one.id)}


def _promises(form: Form, present: Sequence[Present], due: Due, lang: str) -> list[Body]:
    others = [one for one in present if one.side != "ours"]
    return [_promise(form, row, others, due, lang) for row in _filled(form, "what", PROMISE_ROWS)]


def _promise(form: Form, row: int, others: Sequence[Present], due: Due, lang: str) -> Body:
    """The other side is whom the row names, else the only one there, else the first that has a record."""
    direction = form[f"owes_{row}"] or "by_us"
    promise: Body = {"direction": direction, "what": words(form[f"what_{row}"], lang)}
    if typed := form[f"due_{row}"]:
        promise["due_at"] = due(typed)
        if promise["due_at"] is None:
            form.add(FieldError("", "invalid", NOT_A_DAY), f"due_{row}")
    wanted = form[f"party_{row}"].lower()
    named = [one for one in others if one.id and (one.name.lower() == wanted or not wanted)]
    if wanted and not named:
        said = N_("Nobody named above has this name and a record.")
        form.add(FieldError("", "unknown", said), f"party_{row}")
    if named and (wanted or len([one for one in others if one.side == "counterpart"]) != 1):
        promise["to" if direction == "by_us" else "by"] = reference(str(named[0].id))
    return promise


def _statement(form: Form, row: int, lang: str) -> Body:
    return {
        "side": form[f"said_by_{row}"] or "counterpart",
        "text": words(form[f"statement_{row}"], lang),
        "grade": {
            "reliability": form[f"reliability_{row}"] or "F",
            "credibility": form[f"credibility_{row}"] or "6",
        },
    }

"""The form of a new commitment, and the forms of what is done with one: from typed words to shared/api."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.web.forms import GENERAL, Form
from services.gateway.web.marking import N_
from services.gateway.web.plan_form import label_body, words
from services.gateway.web.references import reference
from shared.errors import FieldError

Body = dict[str, Any]  # Any: JSON, checked by the service
Due = Callable[[str], str | None]
TEXTS = ("conditions", "evidence_expected")
PROGRESS = ("0", "1", "2", "3")
NEEDED = N_("This is needed.")
NOT_A_DAY = N_("This is not a day. Write it as 2026-12-01, fri or +7d.")


@dataclass(frozen=True, slots=True)
class Step:
    """`texts`: fields of words, in order; `needed`: those that must be said; `has_due`: a day as well."""

    title: str
    texts: tuple[str, ...]
    needed: tuple[str, ...] = ()
    has_due: bool = False
    has_progress: bool = False
    has_files: bool = False


STEPS: Mapping[str, Step] = {
    "progress": Step(N_("Note progress"), ("note",), has_progress=True),
    "keep": Step(N_("It was kept"), ("evidence",), has_files=True),
    "break": Step(N_("It was broken"), ("reason",), ("reason",)),
    "renegotiate": Step(
        N_("Renegotiate"), ("what", "conditions", "reason"), ("reason",), has_due=True
    ),
    "withdraw": Step(N_("Withdraw it"), ("reason",), ("reason",)),
    "acknowledge": Step(N_("Acknowledge that it was kept"), ("note",)),
    "dispute": Step(N_("Dispute it"), ("text",), ("text",)),
    "assess": Step(N_("Our side's assessment"), ("assessment",)),
}


def new_body(form: Form, party: str | None, due: Due, lang: str) -> Body:
    """`party`: the id of the other side. Adds its own errors to the form."""
    direction = form["direction"] or "by_us"
    body: Body = {"direction": direction, "what": words(form["what"], lang), **label_body(form)}
    body |= {name: words(form[name], lang) for name in TEXTS if form[name]}
    for name in ("formality", "engagement_id"):
        if form[name]:
            body[name] = form[name]
    if not form["what"]:
        form.add(FieldError("/what", "missing", NEEDED), "what")
    body["due_at"] = _due(form, due)
    if party:
        body["to" if direction == "by_us" else "by"] = reference(party)
    else:
        form.add(FieldError("", "unknown", _party_wrong(form)), "party")
    return body


def step_body(form: Form, step: Step, due: Due, lang: str) -> Body:
    """Adds its own errors to the form."""
    body: Body = {name: words(form[name], lang) for name in step.texts if form[name]}
    for name in step.needed:
        if not form[name]:
            form.add(FieldError(f"/{name}", "missing", NEEDED), name)
    if step.has_due:
        body["due_at"] = _due(form, due)
    if step.has_progress:
        body["progress"] = int(form["progress"]) if form["progress"] in PROGRESS else None
    if step.has_files and form.many.get("attachments"):
        body["attachments"] = list(form.many["attachments"])
    return body


def field_of(pointer: str) -> str:
    """The field a pointer into the body belongs to."""
    first = pointer.strip("/").split("/")[0]
    told = {"by": "party", "to": "party", "due_at": "due", "label": "level"}
    known = ("what", "reason", "note", "text", "evidence", "progress", "assessment", *TEXTS)
    return told.get(first) or (first if first in known else GENERAL)


def _due(form: Form, due: Due) -> str | None:
    found = due(form["due"]) if form["due"] else None
    if form["due"] and found is None:
        form.add(FieldError("/due_at", "invalid", NOT_A_DAY), "due")
    return found


def _party_wrong(form: Form) -> str:
    if form["party"]:
        return N_("Nobody whom you may see has exactly this name.")
    return N_("Say who the other side is.")

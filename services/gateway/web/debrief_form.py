"""The debrief form: what was said, by whom, and what came of it."""

from typing import Any

from services.gateway.web.forms import GENERAL, Form
from services.gateway.web.plan_form import source, words
from services.gateway.web.words import N_
from shared.errors import FieldError

Body = dict[str, Any]  # Any: JSON, checked by the service
ROWS = 4
TEXTS = ("outcomes", "next_steps", "atmosphere_details")


def debrief_body(form: Form, lang: str) -> Body:
    """Adds its own errors to the form."""
    if not form["summary"]:
        form.add(FieldError("/summary", "missing", N_("This is needed.")), "summary")
    body: Body = {"summary": words(form["summary"], lang), **source(form, lang)}
    body |= {name: words(form[name], lang) for name in TEXTS if form[name]}
    if form["atmosphere"]:
        body["atmosphere"] = form["atmosphere"]
    statements = [_statement(form, row, lang) for row in range(ROWS) if form[f"statement_{row}"]]
    return body | ({"statements": statements} if statements else {})


def debrief_field(form: Form, pointer: str) -> str:
    """The field a pointer into the body belongs to."""
    steps = pointer.strip("/").split("/")
    if steps[0] == "statements" and len(steps) > 1 and steps[1].isdigit():
        filled = [row for row in range(ROWS) if form[f"statement_{row}"]]
        return f"statement_{filled[int(steps[1])]}" if int(steps[1]) < len(filled) else GENERAL
    return steps[0] if steps[0] in ("summary", "atmosphere", "source", *TEXTS) else GENERAL


def _statement(form: Form, row: int, lang: str) -> Body:
    return {
        "side": form[f"said_by_{row}"] or "counterpart",
        "text": words(form[f"statement_{row}"], lang),
        "grade": {
            "reliability": form[f"reliability_{row}"] or "F",
            "credibility": form[f"credibility_{row}"] or "6",
        },
    }

"""Values of the forms of people and posts, from what was typed to the requests of shared/api."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from services.gateway.web.choosing import ids_called
from services.gateway.web.forms import GENERAL, Form
from services.gateway.web.marking import N_
from services.gateway.web.page import Page
from services.gateway.web.plan_form import words
from services.gateway.web.ports import View
from shared.errors import FieldError

Body = dict[str, Any]  # Any: JSON, checked by the service
SKILLS = ("listening", "speaking", "reading", "writing")
SCRIPTS = {
    "LATIN": "Latn", "ARABIC": "Arab", "ETHIOPIC": "Ethi", "CYRILLIC": "Cyrl", "GREEK": "Grek",
    "HEBREW": "Hebr",
}  # fmt: skip


def required(form: Form, *names: str) -> None:
    for name in names:
        if not form[name]:
            form.add(FieldError(f"/{name}", "missing", N_("This is needed.")), name)


def text(form: Form, name: str, lang: str, before: View | None = None) -> Body | None:
    """What was typed, in the page's language; as it was where nobody touched it."""
    typed = form[name]
    if before and before.get("text") == typed and typed:
        return {"text": typed, "lang": before["lang"]}
    return words(typed, lang)


def name(form: Form, field: str, before: View | None = None) -> Body:
    """A name is in no language until somebody says so; its script shows."""
    typed = form[field]
    lang, script = form[f"{field}_lang"] or None, script_of(typed)
    if before and before.get("text") == typed:
        script = before.get("script") or script
    return {"text": typed, "lang": lang, "script": script}


def script_of(typed: str) -> str | None:
    """ISO 15924, by the first letter."""
    first = next((letter for letter in typed if letter.isalpha()), "")
    return SCRIPTS.get(unicodedata.name(first, "").split(" ")[0]) if first else None


def spoken(form: Form) -> Body:
    """Skills that were not told apart are as good as the first one."""
    first = form["listening"] or form["level_spoken"] or "0"
    told: Body = {
        "language": form["language"].lower(),
        "profile": {skill: form[skill] or first for skill in SKILLS},
        "basis": form["basis"] or "self_declared",
    }
    return told | {day: form[day] for day in ("assessed_on", "expires_on") if form[day]}


def grade(form: Form) -> Body:
    return {"reliability": form["reliability"] or "F", "credibility": form["credibility"] or "6"}


async def chosen(page: Page, form: Form, field: str, kinds: str) -> str | None:
    """The id of the record a field names; its own error when it names none."""
    if not form[field]:
        return None
    found = form[f"{field}_id"] or (await ids_called(page, [form[field]], kinds)).get(form[field])
    if found is None:
        said = N_("No record that you may see has exactly this name.")
        form.add(FieldError("", "unknown", said), field)
    return found


def field_finder(fields: Mapping[str, str]) -> Callable[[str], str]:
    """Pointers into the body to fields of the form: the longest beginning that is named wins."""
    longest_first = sorted(fields, key=len, reverse=True)

    def found(pointer: str) -> str:
        begins = (one for one in longest_first if f"{pointer}/".startswith(f"{one}/"))
        return next((fields[one] for one in begins), GENERAL)

    return found

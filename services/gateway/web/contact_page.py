"""What the forms of people, posts and organisations share: whose turn it is, and the page of one step."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response

from services.gateway.web import words_people
from services.gateway.web.commands import VERSION_FIELD
from services.gateway.web.contact_steps import contact_steps
from services.gateway.web.contact_values import SKILLS
from services.gateway.web.forms import KEY_FIELD, Form
from services.gateway.web.lists import PLURALS
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, View
from services.gateway.web.page_records import kind_of
from services.gateway.web.steps import new_key
from shared.clock import utc_now
from shared.errors import NotFoundError
from shared.ids import Kind

UNPROCESSABLE = 422
# What replaces a whole must not overwrite what its writer never saw.
REPLACING = ("amend", "rename", "protocol", "private")
# Offered while typing; any other code of ISO 639-3 may be typed.
LANGUAGES = (
    "ara", "eng", "fra", "din", "nus", "shk", "swa", "som", "amh", "apd", "pga", "bfa", "zne", "loh",
    "srp", "sqi", "mkd", "spa", "por", "rus", "zho",
)  # fmt: skip
Shown = dict[str, Any]  # Any: what a template shows


async def view_for(page: Page, kind: Kind, record_id: str, step: str) -> View:
    """Raises NotFoundError for a step that this reader cannot take now."""
    if kind_of(record_id) is not kind:
        raise NotFoundError
    view = await page.get(f"/records/{record_id}")
    if step not in contact_steps(page.session.principal, view):
        raise NotFoundError
    return view


def first_form(view: View, step: str, values: Mapping[str, str]) -> Form:
    version = str(view["source_version"]) if step in REPLACING else ""
    return Form({**values, KEY_FIELD: new_key(), VERSION_FIELD: version})


async def step_page(
    page: Page, view: View, step: str, form: Form, status: int = 200, more: Shown | None = None
) -> Response:
    """The form of one step; `more` for its template."""
    kind = Kind(view["kind"])
    shown = {
        "title": page.translated(words_people.CONTACT_STEP[step]),
        "view": view,
        "step": step,
        "form": form,
        "names": await names_for(page, [view]),
        "base": f"/{PLURALS[kind]}",
        **choices_of_words(),
    }
    return page.html("contact_step.html", shown | (more or {}), status)


def choices_of_words() -> Shown:
    """Every enumeration a form of people offers."""
    return {
        "ties": tuple(words_people.TIE),
        "levels_spoken": tuple(words_people.LANGUAGE_LEVEL),
        "bases": tuple(words_people.LANGUAGE_BASIS),
        "topics": tuple(words_people.PROTOCOL_TOPIC),
        "means": tuple(words_people.CONTACT_MEANS),
        "alias_kinds": tuple(words_people.ALIAS_KIND),
        "skills": SKILLS,
        "languages_known": LANGUAGES,
        "today": utc_now().date().isoformat(),
    }


def back_to(view: View) -> Response:
    return RedirectResponse(f"/{PLURALS[Kind(view['kind'])]}/{view['id']}", 303)

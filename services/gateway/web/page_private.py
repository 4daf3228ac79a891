"""Contact details: asked for with a reason, shown once, and every reading is recorded."""

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web import person_steps
from services.gateway.web.commands import VERSION_FIELD, ordered, writing_language
from services.gateway.web.contact_page import UNPROCESSABLE, Shown, choices_of_words
from services.gateway.web.contact_steps import contact_steps, may_read_private
from services.gateway.web.contact_values import required
from services.gateway.web.forms import GENERAL, KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.page_records import kind_of
from services.gateway.web.plan_form import words
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.errors import AppError, NotFoundError
from shared.ids import Kind

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/people/{record_id}/read_private")
async def ask(page: Reader, record_id: str) -> Response:
    view = await _readable(page, record_id)
    return _page(page, view, Form({KEY_FIELD: new_key()}))


@router.post("/people/{record_id}/read_private")
async def read(page: Reader, record_id: str) -> Response:
    """Shown in the answer itself: there is no address under which they could be read again."""
    view = await _readable(page, record_id)
    form = await submitted(page)
    required(form, "reason")
    if form.errors:
        return _page(page, view, form, UNPROCESSABLE)
    body = {"reason": words(form["reason"], writing_language(page))}
    try:
        answer = await ordered(page, form, "contacts", f"/people/{record_id}/read_private", body)
    except AppError as error:
        place_errors(form, error, lambda pointer: "reason" if pointer else GENERAL)
        return _page(page, view, form, UNPROCESSABLE)
    private = answer.get("private") or {}
    values = person_steps.private_values(private)
    seen = {KEY_FIELD: new_key(), VERSION_FIELD: str(answer["version"])}
    more = {"private": private, "replacing": Form(values | seen)}
    return _page(page, view, form, more=more)


async def _readable(page: Page, record_id: str) -> View:
    """Raises NotFoundError for whoever may not read them: as if there were none."""
    if kind_of(record_id) is not Kind.PERSON:
        raise NotFoundError
    view = await page.get(f"/records/{record_id}")
    if not may_read_private(page.session.principal, view):
        raise NotFoundError
    return view


def _page(
    page: Page, view: View, form: Form, status: int = 200, more: Shown | None = None
) -> Response:
    shown = {
        "title": page.translated(N_("Contact details")),
        "view": view,
        "form": form,
        "private": None,
        "may_replace": "private" in contact_steps(page.session.principal, view),
        "rows": range(person_steps.ROWS),
        "base": "/people",
        **choices_of_words(),
    }
    return page.html("person_read_private.html", shown | (more or {}), status)

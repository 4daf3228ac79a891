"""Viewing as others: choosing as whom, and going back to one's own view."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.forms import GENERAL, KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader, View, Whoever, own_view
from services.gateway.web.page_sign_in import local
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.errors import AppError, FieldError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
AUDIENCE, NEXT = "audience", "next"
NEEDED = N_("Choose as whom.")


@router.get("/view-as")
async def ask(page: Reader) -> Response:
    await own_view(page)
    return await _page(page, Form({KEY_FIELD: new_key()}))


@router.post("/view-as")
async def begin(page: Reader) -> Response:
    form = await submitted(page)
    if not form[AUDIENCE]:
        form.add(FieldError(f"/{AUDIENCE}", "missing", NEEDED), AUDIENCE)
        return await _page(page, form, UNPROCESSABLE)
    try:
        await page.dashboard.viewings.begin(page.request, form[KEY_FIELD], form[AUDIENCE])
    except AppError as error:
        place_errors(form, error, _field)
        return await _page(page, form, UNPROCESSABLE)
    return RedirectResponse("/", 303)


@router.post("/view-as/leave")
async def leave(page: Whoever) -> Response:
    """To the page he was on: what others may see there, he may himself."""
    form = await submitted(page)
    await page.dashboard.viewings.leave(page.request, form[KEY_FIELD])
    return RedirectResponse(form[NEXT] if local(form[NEXT]) else "/", 303)


async def _page(page: Page, form: Form, status: int = 200) -> Response:
    """Raises ForbiddenError for roles that may not."""
    shown = {
        "title": page.translated(N_("View as others")),
        "form": form,
        "organisations": await _organisations(page),
    }
    return page.html("view_as.html", shown, status)


async def _organisations(page: Page) -> list[View]:
    """By name."""
    ids = await page.dashboard.viewings.organisations(page.session.principal)
    found = (await names_for(page, [], ids)).values()
    return sorted(found, key=lambda one: str(one["title"].get("text")).casefold())


def _field(pointer: str) -> str:
    return AUDIENCE if pointer == f"/{AUDIENCE}" else GENERAL

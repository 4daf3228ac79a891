"""Saved views: keeping a list, map or timeline under a name, and beginning with one."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.forms import KEY_FIELD, Form, submitted
from services.gateway.web.page import Page, Reader
from services.gateway.web.relative_times import TIMES, absolute, is_relative
from services.gateway.web.routing import PageRoute
from services.gateway.web.saved_view_label import owners_only
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.errors import FieldError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
NAME_LETTERS, ADDRESS_LETTERS = 80, 2_000
AUDIENCES = ("me", "organisation")
KEEPABLE = ("/engagements", "/contacts", "/people", "/organisations", "/posts", "/places",
            "/commitments", "/map", "/timeline", "/search")  # fmt: skip
PASSING = ("cursor", "lang", "theme")


@router.get("/home")
async def home(page: Reader) -> Response:
    """To the view the reader begins with, else to Today."""
    views = await page.dashboard.views.listed(page.session.principal)
    return RedirectResponse(next((one.address for one in views if one.is_home), "/"), 303)


@router.get("/views")
async def views(page: Reader) -> Response:
    return await _list_page(page)


@router.get("/views/new")
async def new(page: Reader) -> Response:
    target = _keepable(page.request.query_params.get("to", ""))
    values = {KEY_FIELD: new_key(), "to": target, "audience": AUDIENCES[0]}
    return _form_page(page, Form(values))


@router.post("/views/new")
async def save(page: Reader) -> Response:
    form = await submitted(page)
    target = _keepable(form["to"])
    if not form["name"]:
        form.add(FieldError("/name", "missing", N_("This is needed.")), "name")
    if form.errors:
        return _form_page(page, form, UNPROCESSABLE)
    audience = form["audience"] if form["audience"] in AUDIENCES else AUDIENCES[0]
    address = _frozen(target) if form["frozen"] else target
    name = form["name"][:NAME_LETTERS]
    await page.dashboard.views.save(page.session.principal, name, address, audience)
    return RedirectResponse("/views", 303)


@router.post("/views/home/today")
async def begin_with_today(page: Reader) -> Response:
    await submitted(page)
    await page.dashboard.views.begin_with(page.session.principal, None)
    return RedirectResponse("/views", 303)


@router.post("/views/{view_id}/home")
async def begin_with(page: Reader, view_id: str) -> Response:
    await submitted(page)
    await page.dashboard.views.begin_with(page.session.principal, view_id)
    return RedirectResponse("/views", 303)


@router.post("/views/{view_id}/rename")
async def rename(page: Reader, view_id: str) -> Response:
    form = await submitted(page)
    if form["name"]:
        name = form["name"][:NAME_LETTERS]
        await page.dashboard.views.rename(page.session.principal, view_id, name)
    return RedirectResponse("/views", 303)


@router.post("/views/{view_id}/delete")
async def delete(page: Reader, view_id: str) -> Response:
    await submitted(page)
    await page.dashboard.views.delete(page.session.principal, view_id)
    return RedirectResponse("/views", 303)


async def _list_page(page: Page) -> Response:
    shown = {
        "title": page.translated(N_("Saved views")),
        "views": await page.dashboard.views.listed(page.session.principal),
        "label": owners_only(page),
        "key": new_key(),
    }
    return page.html("views.html", shown)


def _form_page(page: Page, form: Form, status: int = 200) -> Response:
    query = parse_qsl(urlsplit(form["to"]).query)
    moving = any(key in TIMES and is_relative(value) for key, value in query)
    shown = {"title": page.translated(N_("Save this view")), "form": form, "moving": moving}
    return page.html("view_new.html", shown | {"audiences": AUDIENCES}, status)


def _keepable(target: str) -> str:
    """The address without what passes; the first list for what is no list of ours."""
    parts = urlsplit(target[:ADDRESS_LETTERS])
    if parts.scheme or parts.netloc or parts.path not in KEEPABLE:
        return KEEPABLE[0]
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in PASSING and value]
    return f"{parts.path}?{urlencode(kept)}" if kept else parts.path


def _frozen(target: str) -> str:
    """The address with its relative times as days."""
    parts = urlsplit(target)
    pairs = [pair for one in parse_qsl(parts.query) for pair in absolute(dict([one])).items()]
    return f"{parts.path}?{urlencode(pairs)}" if pairs else parts.path

"""Contacts: people and posts as lists, and a page for each; organisations have had theirs before."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.lists import list_context
from services.gateway.web.page import Page, Reader
from services.gateway.web.page_records import record_context
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_
from shared.ids import Kind

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/contacts")
async def contacts(page: Reader) -> Response:
    """People first; the address of a list says of what it is one."""
    query = page.request.url.query
    return RedirectResponse("/people" + (f"?{query}" if query else ""), 307)


@router.get("/people")
async def people(page: Reader) -> Response:
    return page.html("list.html", await _listed(page, Kind.PERSON, N_("People")))


@router.get("/posts")
async def posts(page: Reader) -> Response:
    return page.html("list.html", await _listed(page, Kind.POST, N_("Posts")))


@router.get("/people/{record_id}")
async def person(page: Reader, record_id: str) -> Response:
    return page.html("person.html", await record_context(page, Kind.PERSON, record_id))


@router.get("/posts/{record_id}")
async def post(page: Reader, record_id: str) -> Response:
    return page.html("post.html", await record_context(page, Kind.POST, record_id))


async def _listed(page: Page, kind: Kind, title: str) -> dict[str, Any]:
    # Any: what a template shows
    return await list_context(page, kind) | {"title": page.translated(title)}

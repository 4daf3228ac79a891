"""List pages of every kind, and search over all of them. The same list, as a part, for live changes."""

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.lists import PLURALS, Listing, filters, list_context, listing
from services.gateway.web.loading import Failed
from services.gateway.web.page import Page, Reader
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_
from shared.errors import BusyError, NotFoundError
from shared.ids import Kind

router = APIRouter(route_class=PageRoute, include_in_schema=False)
KINDS = {plural: kind for kind, plural in PLURALS.items()}

# What all kinds are searched for beside words.
TITLES = {
    "review_by": N_("Labels to review"),
    "release_waits": N_("Releases that wait"),
    "source_changed": N_("Extracts to check"),
}


@router.get("/engagements")
async def engagements(page: Reader) -> Response:
    return await _list_page(page, Kind.ENGAGEMENT, N_("Engagements"))


@router.get("/organisations")
async def organisations(page: Reader) -> Response:
    return await _list_page(page, Kind.ORGANISATION, N_("Organisations"))


@router.get("/places")
async def places(page: Reader) -> Response:
    return await _list_page(page, Kind.PLACE, N_("Places"))


@router.get("/parts/list/{plural}")
async def rows(page: Reader, plural: str) -> Response:
    if plural not in KINDS:
        raise NotFoundError
    shown = await list_context(page, KINDS[plural])
    if isinstance(shown["listing"], Failed):
        raise BusyError("The list cannot be read just now.")
    return page.part("list_rows.html", shown)


@router.get("/search")
async def search(page: Reader) -> Response:
    return page.html("search.html", await _search_context(page))


async def _list_page(page: Page, kind: Kind, title: str) -> Response:
    shown = await list_context(page, kind) | {"title": page.translated(title)}
    return page.html("list.html", shown)


async def _search_context(page: Page) -> dict[str, object]:
    asked = filters(page)
    found = await listing(page, None) if asked.keys() & {"q", *TITLES} else None
    title = page.translated(next((TITLES[one] for one in asked if one in TITLES), N_("Search")))
    items = found.items if isinstance(found, Listing) else []
    # The kind of the best hit stands first, and within a kind the best hit.
    groups = {kind: [one for one in items if one["kind"] == kind]
              for kind in dict.fromkeys(one["kind"] for one in items)}  # fmt: skip
    return {"title": title, "filters": asked, "listing": found, "groups": groups, "base": "/search"}

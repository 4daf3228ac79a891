"""The command palette's choices for what is typed, and the same pages for phones as a page."""

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.choosing import choices
from services.gateway.web.destinations import Destination, actions, pages
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.page import Page, Reader
from services.gateway.web.routing import PageRoute
from services.gateway.web.saved_view_label import owners_only
from services.gateway.web.words import N_

router = APIRouter(route_class=PageRoute, include_in_schema=False)
LETTERS = 100
LEAST_LETTERS = 2
RECORDS = 8
KINDS = "engagement,person,organisation,post,place,commitment"


@router.get("/parts/palette")
async def palette(page: Reader) -> Response:
    typed = page.request.query_params.get("q", "").strip()[:LETTERS]
    views = await attempt(page.dashboard.views.listed(page.session.principal))
    kept = [] if isinstance(views, Failed) else [one for one in views if _fits(typed, one.name)]
    shown = {
        "actions": _fitting(page, typed, actions(page)),
        "pages": _fitting(page, typed, pages(page)),
        "saved": kept,
        "label": owners_only(page),
        "found": await choices(page, typed, KINDS, RECORDS) if len(typed) >= LEAST_LETTERS else [],
    }
    return page.part("palette_choices.html", shown)


@router.get("/more")
async def more(page: Reader) -> Response:
    shown = {
        "title": page.translated(N_("All pages")),
        "pages": pages(page),
        "actions": actions(page),
    }
    return page.html("more.html", shown)


def _fitting(page: Page, typed: str, all_: list[Destination]) -> list[Destination]:
    return [one for one in all_ if _fits(typed, page.translated(one.words))]


def _fits(typed: str, name: str) -> bool:
    return all(word in name.lower() for word in typed.lower().split())

"""Removals of the reader's organisation: what waits for a second person, and how far the others are."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.loading import Failed, attempt
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_
from shared.errors import NotFoundError
from shared.roles import Action, allowed_somewhere

router = APIRouter(route_class=PageRoute, include_in_schema=False)
WAITING_SHOWN, REMOVED_SHOWN = 100, 25
Told = Mapping[str, Any]  # Any: how far a removal has come, as reporting tells it


@router.get("/removals")
async def removals(page: Reader) -> Response:
    """Raises NotFoundError for everybody else, as for any address that is not there."""
    if not allowed_somewhere(page.session.principal.roles, Action.ASK_REMOVAL):
        raise NotFoundError
    waiting, removed = await asyncio.gather(
        attempt(_listed(page, {"removal_waits": "true"}, WAITING_SHOWN)),
        attempt(_listed(page, {"status": "removed"}, REMOVED_SHOWN)),
    )
    told = await attempt(_told(page, [] if isinstance(removed, Failed) else removed))
    shown = {
        "title": page.translated(N_("Removals")),
        "waiting": waiting,
        "removed": removed,
        "told": told,
        "shown": REMOVED_SHOWN,
    }
    return page.html("removals.html", shown)


async def removals_waiting(page: Page) -> int:
    """How many wait for this reader as the second person; the last WAITING_SHOWN are looked at."""
    principal = page.session.principal
    if page.session.viewing or not allowed_somewhere(principal.roles, Action.REMOVE):
        return 0
    waiting = await _listed(page, {"removal_waits": "true", "fields": "handling"}, WAITING_SHOWN)
    return sum(view["handling"]["removal"]["by"] != principal.subject for view in waiting)


async def _listed(page: Page, which: Mapping[str, str], size: int) -> list[View]:
    """Those of the reader's own organisation, the last changed first."""
    ours = str(page.session.principal.organisation)
    params = {**which, "owner": ours, "sort": "-updated_at", "page_size": str(size)}
    found: list[View] = (await page.get("/records", params))["items"]
    return found


async def _told(page: Page, views: list[View]) -> Mapping[str, Told]:
    if not views:
        return {}
    ids = ",".join(view["id"] for view in views)
    answer = await page.get("/removals", {"ids": ids})
    return {one["record_id"]: one for one in answer["items"]}

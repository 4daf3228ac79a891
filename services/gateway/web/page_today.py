"""Today: the numbers, each a link to the list it counts, what is due, the map, and what changed last."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.commitments import OPEN, WEEK_DAYS
from services.gateway.web.emergency_notice import notice
from services.gateway.web.extracts_to_check import extracts_to_check
from services.gateway.web.lists import PLURALS
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.page_removals import removals_waiting
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_
from shared.clock import utc_now
from shared.errors import BusyError
from shared.ids import Kind

router = APIRouter(route_class=PageRoute, include_in_schema=False)
DUE_LENGTH = 5


@router.get("/")
async def today(page: Reader) -> Response:
    shown, told, removals, extracts = await asyncio.gather(
        _context(page),
        attempt(notice(page)),
        attempt(removals_waiting(page)),
        attempt(extracts_to_check(page)),
    )
    shown |= {"title": page.translated(N_("Today")), "emergencies": told, "removals": removals}
    shown |= {"extracts": extracts}
    return page.html("today.html", shown)


@router.get("/parts/today")
async def today_part(page: Reader) -> Response:
    """Raises BusyError when the numbers cannot be had: the page keeps those it shows."""
    shown = await _context(page)
    if isinstance(shown["summary"], Failed):
        raise BusyError("The numbers cannot be read just now.")
    return page.part("today_panels.html", shown)


async def _context(page: Page) -> dict[str, Any]:  # Any: what a template shows
    summary, due = await asyncio.gather(attempt(page.get("/summary")), attempt(_due(page)))
    if isinstance(summary, Failed):
        return {"summary": summary, "numbers": [], "latest": [], "due": due, "names": {}}
    latest = summary["latest"]
    numbers = [number | {"href": _list_address(number["query"])} for number in summary["numbers"]]
    return {
        "summary": summary,
        "numbers": numbers,
        "latest": latest,
        "due": due,
        "names": await names_for(page, latest + ([] if isinstance(due, Failed) else due)),
    }


async def _due(page: Page) -> list[View]:
    """Open promises that are overdue or due within a week, the longest overdue first."""
    until = (utc_now() + timedelta(days=WEEK_DAYS)).date()
    asked = {"kind": "commitment", "status": OPEN, "to": until.isoformat(), "sort": "starts_at"}
    answer = await page.get("/records", asked | {"page_size": str(DUE_LENGTH)})
    return list(answer["items"])


def _list_address(query: Mapping[str, str]) -> str:
    """The list that shows exactly what `query` counts."""
    rest = {key: str(value) for key, value in query.items() if key != "kind" and value is not None}
    base = f"/{PLURALS[Kind(query['kind'])]}" if "kind" in query else "/search"
    return f"{base}?{urlencode(rest)}" if rest else base

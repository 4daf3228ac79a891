"""The timeline: planned and past engagements and what is due, as agenda, week, month or lanes."""

import asyncio
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.lists import areas, filters
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.relative_times import day_of
from services.gateway.web.routing import PageRoute
from services.gateway.web.timeline import LANES, Range, by_day, lanes
from services.gateway.web.words import N_
from shared.errors import BusyError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
VIEWS = ("agenda", "week", "month", "lanes")
BEFORE_AND_AFTER = {"agenda": (3, 14), "lanes": (60, 14)}
WEEK_DAYS = 7
LONGEST_DAYS = 400
MOST = 500
PASSED_ON = ("q", "status", "type", "area", "party")


@router.get("/timeline")
async def timeline(page: Reader) -> Response:
    title = page.translated(N_("Timeline"))
    return page.html("timeline.html", await _context(page) | {"title": title})


@router.get("/parts/timeline")
async def timeline_part(page: Reader) -> Response:
    """Raises BusyError when it cannot be had: the page keeps what it shows."""
    shown = await _context(page)
    if isinstance(shown["found"], Failed):
        raise BusyError("The timeline cannot be read just now.")
    return page.part("timeline_panel.html", shown)


async def _context(page: Page) -> dict[str, Any]:  # Any: what a template shows
    query = page.request.query_params
    view = query.get("view", "") if query.get("view", "") in VIEWS else VIEWS[0]
    within = _range(page, view)
    found = await attempt(_fetched(page, within))
    items = [] if isinstance(found, Failed) else found
    names, states = await asyncio.gather(names_for(page, items), areas(page))
    by = query.get("by", "") if query.get("by", "") in LANES else "organisation"
    met = [one for one in items if one["kind"] == "engagement"]
    shown = [lane for lane in lanes(met, LANES[by], within, page.moment)
             if by == "area" or lane.key in names]  # fmt: skip
    length = len(within.days)
    return {
        "found": found, "names": names, "areas": states, "area_names": {a["pcode"]: a for a in states},
        "view": view, "views": VIEWS, "by": by, "ways": tuple(LANES), "within": within,
        "days": by_day(items, within.days), "weeks": _weeks(within, page.language.formats.first_week_day)
        if view in ("week", "month") else [],
        "lanes": shown if view == "lanes" else [], "ticks": _ticks(within),
        "now_at": within.share(page.moment), "base": "/timeline", "filters": filters(page),
        "today": page.moment.date(), "too_many": len(items) >= MOST,
        "before": within.first - timedelta(days=1 if view == "month" else length),
        "after": within.last + timedelta(days=1),
    }  # fmt: skip


async def _fetched(page: Page, within: Range) -> list[View]:
    """Engagements that begin, and open commitments that are due, within the range."""
    chosen = {key: value for key, value in filters(page).items() if key in PASSED_ON}
    how = {"from": within.first.isoformat(), "to": within.last.isoformat(),
           "sort": "starts_at", "page_size": str(MOST)}  # fmt: skip
    parties = {key: chosen[key] for key in ("q", "party") if key in chosen}
    asked = [chosen | how | {"kind": "engagement"}]
    if not set(chosen) - set(parties):
        asked.append(parties | how | {"kind": "commitment"})
    found = await asyncio.gather(*(page.get("/records", one) for one in asked))
    return [item for answer in found for item in answer["items"]]


def _range(page: Page, view: str) -> Range:
    """What the address says; a week and a month are whole ones around its first day."""
    today, query = page.moment.date(), page.request.query_params
    first = day_of(query.get("from", ""), today)
    if view == "week":
        return _week(first or today, page.language.formats.first_week_day)
    if view == "month":
        return _month(first or today)
    before, after = BEFORE_AND_AFTER[view]
    begins = first or today - timedelta(days=before)
    last = day_of(query.get("to", ""), today) or max(begins, today) + timedelta(days=after)
    return Range(begins, min(max(last, begins), begins + timedelta(days=LONGEST_DAYS)))


def _week(day: date, first_week_day: int) -> Range:
    first = day - timedelta(days=(day.weekday() - first_week_day) % WEEK_DAYS)
    return Range(first, first + timedelta(days=WEEK_DAYS - 1))


def _month(day: date) -> Range:
    first = day.replace(day=1)
    return Range(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _weeks(within: Range, first_week_day: int) -> list[list[date | None]]:
    """The days in rows of seven, each beginning on the first day of the reader's week."""
    offset = (within.first.weekday() - first_week_day) % WEEK_DAYS
    cells = [None] * offset + within.days
    cells += [None] * (-len(cells) % WEEK_DAYS)
    return [cells[at : at + WEEK_DAYS] for at in range(0, len(cells), WEEK_DAYS)]


def _ticks(within: Range) -> list[tuple[date, float]]:
    """About eight days of the range and where each begins, in percent."""
    step = max(len(within.days) // 8, 1)
    return [(day, within.share(Range(day, day).begins)) for day in within.days[::step]]

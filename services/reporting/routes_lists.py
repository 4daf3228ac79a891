"""Many records at once: lists, the map, today's numbers."""

from dataclasses import asdict
from typing import Any

import orjson
from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from services.reporting.filters import (
    FILTER_NAMES,
    PAGE_NAMES,
    Filters,
    Page,
    number,
    only_known,
    read_filters,
    read_page,
)
from services.reporting.queries.points import points_on_map
from services.reporting.queries.records import count_records, list_records
from services.reporting.queries.removals import removals_of
from services.reporting.shown import feature
from services.reporting.summary import LATEST, LATEST_FILTERS, numbers
from services.reporting.views import View, chosen
from services.reporting.wiring import AtDesk, Desk, Reading
from shared.clock import utc_now

ZOOM, ZOOM_LIMIT = 6, 22

router = APIRouter()


@router.get("/records")
async def records(request: Request, desk: AtDesk, reading: Reading) -> Response:
    params = request.query_params
    only_known(params, (*FILTER_NAMES, *PAGE_NAMES))
    filters, page = read_filters(params), read_page(params)
    listed = await list_records(reading, filters, page)
    views = await desk.views.of(reading, listed.rows)
    answer: View = {
        "items": [chosen(view, page.fields) for view in views],
        "next": asdict(listed.next) if listed.next else None,
    }
    if page.count:
        answer["count"] = await count_records(reading, filters)
    return as_json(answer)


@router.get("/map")
async def points(request: Request, desk: AtDesk, reading: Reading) -> Response:
    params = request.query_params
    only_known(params, (*FILTER_NAMES, "zoom"))
    zoom = number(params, "zoom", ZOOM, 0, ZOOM_LIMIT)
    found = await points_on_map(reading, read_filters(params), zoom)
    features = [feature(row, desk.views) for row in found]
    return as_json({"type": "FeatureCollection", "features": features})


@router.get("/removals")
async def removals(request: Request, reading: Reading) -> Response:
    """How far the removals of these records have come; of the others there is nothing to say."""
    params = request.query_params
    only_known(params, ("ids",))
    return as_json({"items": list(await removals_of(reading, read_filters(params).ids or ()))})


@router.get("/summary")
async def summary(request: Request, desk: AtDesk, reading: Reading) -> Response:
    only_known(request.query_params, ())
    counted = [
        {
            "key": one.key,
            "query": one.query,
            "count": await count_records(reading, one.filters),
        }
        for one in numbers(utc_now(), desk.policy, reading.principal.us)
    ]
    return as_json({"numbers": counted, "latest": await _latest(desk, reading, LATEST_FILTERS)})


async def _latest(desk: Desk, reading: Reading, filters: Filters) -> list[View]:
    page = Page(sort="updated_at", size=LATEST)
    return await desk.views.of(reading, (await list_records(reading, filters, page)).rows)


def as_json(content: Any) -> Response:  # Any: JSON
    return Response(orjson.dumps(content), media_type="application/json")

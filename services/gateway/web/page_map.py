"""The map page: symbols and, beside them, the same records as a list. And the map's records as GeoJSON."""

import asyncio
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web import words
from services.gateway.web.lists import areas, filters
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.relative_times import absolute
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_
from shared.errors import BusyError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PASSED_ON = ("bbox", "zoom")
LAYERS = ("engagement", "place")
ROWS = 200
STATUSES = ("proposed", "planned", "confirmed", "held", "debriefed", "postponed", "cancelled")


@router.get("/map")
async def map_page(page: Reader) -> Response:
    return page.html("map.html", await _context(page) | {"title": page.translated(N_("Map"))})


@router.get("/parts/map-rows")
async def map_rows(page: Reader) -> Response:
    """Raises BusyError when the list cannot be had: the page keeps the one it shows."""
    shown = await _context(page)
    if isinstance(shown["found"], Failed):
        raise BusyError("The list cannot be read just now.")
    return page.part("map_rows.html", shown)


@router.get("/map.geojson")
async def records_on_the_map(page: Reader) -> Response:
    query = page.request.query_params
    passed = {key: query[key][:200] for key in PASSED_ON if key in query}
    found = await page.get("/map", _asked(page) | passed)
    found["banner"] = str(page.raised_banner(_labels(found)))
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(orjson.dumps(found), headers=headers, media_type="application/geo+json")


def _layers(page: Page) -> list[str]:
    """Kinds of record on the map: those of the address, else engagements."""
    told = ",".join(page.request.query_params.getlist("kind")).split(",")
    return [kind for kind in LAYERS if kind in told] or [LAYERS[0]]


def _asked(page: Page) -> dict[str, str]:
    return absolute(filters(page)) | {"kind": ",".join(_layers(page))}


async def _context(page: Page) -> dict[str, Any]:  # Any: what a template shows
    found, placed, states = await asyncio.gather(
        attempt(_listed(page)), attempt(_placed(page)), areas(page)
    )
    items = [] if isinstance(found, Failed) else found["items"]
    return {
        "found": found,
        "placed": None if isinstance(placed, Failed) else placed,
        "items": items,
        "names": await names_for(page, items),
        "layers": LAYERS,
        "shown_layers": _layers(page),
        "filters": filters(page),
        "areas": states,
        "statuses": STATUSES,
        "types": tuple(words.ENGAGEMENT_TYPE),
        "base": "/map",
        "selected": page.request.query_params.get("sel", ""),
    }


async def _listed(page: Page) -> View:
    how = {"sort": "-starts_at", "page_size": str(ROWS), "count": "true"}
    return await page.get("/records", _asked(page) | how)


async def _placed(page: Page) -> int:
    how = {"placed": "true", "page_size": "1", "count": "true"}
    found = await page.get("/records", _asked(page) | how)
    return int(found["count"])


def _labels(found: View) -> list[View]:
    """Of every record on the map, those inside clusters too."""
    shown = [feature["properties"] for feature in found["features"]]
    clusters = [label for properties in shown for label in properties.get("labels", ())]
    return [properties["label"] for properties in shown if properties.get("label")] + clusters

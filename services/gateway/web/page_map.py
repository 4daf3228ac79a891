"""The map's records as GeoJSON, for the same filters as every list, from this reader's view only."""

import orjson
from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.lists import filters
from services.gateway.web.page import Reader, View
from services.gateway.web.routing import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PASSED_ON = ("bbox", "zoom", "kind")


@router.get("/map.geojson")
async def records_on_the_map(page: Reader) -> Response:
    query = page.request.query_params
    params = (
        {"kind": "engagement"}
        | filters(page)
        | {key: query[key][:200] for key in PASSED_ON if key in query}
    )
    found = await page.get("/map", params)
    found["banner"] = str(page.raised_banner(_labels(found)))
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(orjson.dumps(found), headers=headers, media_type="application/geo+json")


def _labels(found: View) -> list[View]:
    """Of every record on the map, those inside clusters too."""
    shown = [feature["properties"] for feature in found["features"]]
    clusters = [label for properties in shown for label in properties.get("labels", ())]
    return [properties["label"] for properties in shown if properties.get("label")] + clusters

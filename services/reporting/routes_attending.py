"""Help for whoever plans or debriefs a meeting: suggested attendees, and overlapping plans."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from services.reporting.filters import (
    Filters,
    Page,
    Params,
    moment_of,
    number,
    only_known,
    read_filters,
)
from services.reporting.queries.attending import Meeting, Occasion, overlapping, suggested
from services.reporting.queries.records import list_records
from services.reporting.reading import Snapshot
from services.reporting.routes_lists import as_json
from services.reporting.views import View, chosen
from services.reporting.wiring import AtDesk, Desk, Reading
from shared.clock import utc_now
from shared.ids import Kind

SUGGESTIONS, SUGGESTIONS_LIMIT = 8, 50
PARTIES_LIMIT = 100

router = APIRouter(prefix="/engagements")


@router.get("/suggested")
async def suggestions(request: Request, desk: AtDesk, reading: Reading) -> Response:
    """Each with `why`: `same_series`, `same_place` or `recent`."""
    params = request.query_params
    only_known(params, ("place_id", "series", "party", "limit"))
    limit = number(params, "limit", SUGGESTIONS, 1, SUGGESTIONS_LIMIT)
    party = read_filters({"party": params.get("party", "")}).party
    occasion = Occasion(params.get("place_id", ""), params.get("series", ""), party)
    rows = await suggested(reading, occasion, utc_now(), limit)
    why = {row["to_id"]: _why(row) for row in rows}
    views = await _views(desk, reading, list(why))
    return as_json({"items": [views[id_] | {"why": why[id_]} for id_ in why if id_ in views]})


@router.get("/overlaps")
async def overlaps(request: Request, desk: AtDesk, reading: Reading) -> Response:
    """Plans of other organisations to meet the same, each with whom (`parties`)."""
    params = request.query_params
    only_known(params, ("parties", "starts_at", "ends_at", "besides"))
    found = await overlapping(reading, _meeting(params), timedelta(hours=desk.policy.overlap_hours))
    parties = {row["record_id"]: row["parties"] for row in found}
    views = await _views(desk, reading, list(parties))
    items = [views[id_] | {"parties": whom} for id_, whom in parties.items() if id_ in views]
    return as_json({"items": items})


def _meeting(params: Params) -> Meeting:
    starts_at = moment_of(params, "starts_at")
    return Meeting(
        parties=params.get("parties", "").split(",")[:PARTIES_LIMIT],
        starts_at=starts_at,
        ends_at=moment_of(params, "ends_at") if params.get("ends_at") else starts_at,
        besides=params.get("besides", ""),
    )


def _why(row: Any) -> str:  # Any: a row
    if row["same_series"]:
        return "same_series"
    return "same_place" if row["same_place"] else "recent"


async def _views(desk: Desk, reading: Snapshot, ids: Sequence[str]) -> dict[str, View]:
    """Short views by id."""
    if not ids:
        return {}
    filters = Filters(ids=tuple(ids))
    listed = await list_records(reading, filters, Page(size=len(ids)))
    views = await desk.views.of(reading, listed.rows)
    return {view["id"]: chosen(view, _fields(view)) for view in views}


def _fields(view: View) -> tuple[str, ...]:
    if view["kind"] == Kind.ENGAGEMENT:
        return ("title", "status", "owner", "starts_at", "ends_at", "engagement_type")
    return ("title", "status", "owner", "identity", "organisation_kind", "group_labels")

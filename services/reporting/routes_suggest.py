"""Proposals while somebody types a name: readable records that go by one like it."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from services.reporting.filters import number, only_known, read_filters
from services.reporting.queries.names import suggested
from services.reporting.routes_lists import as_json
from services.reporting.views import View
from services.reporting.wiring import AtDesk, Desk, Reading

SUGGESTIONS = 10
DIGITS = 4

router = APIRouter()


@router.get("/suggest")
async def suggest(request: Request, desk: AtDesk, reading: Reading) -> Response:
    """Best first, each with the name that matched and how well: 1 is the very name."""
    params = request.query_params
    only_known(params, ("q", "kind", "limit"))
    limit = number(params, "limit", SUGGESTIONS, 1, SUGGESTIONS)
    filters = read_filters(params)
    rows = await suggested(reading, filters.q or "", filters.kind, limit)
    return as_json({"items": [_item(desk, row) for row in rows]})


def _item(desk: Desk, row: Any) -> View:  # Any: a row
    """`label` and `owner` are those of the group and record that say the name."""
    kept = ("kind", "type", "title", "name", "owner")
    return {
        "id": row["record_id"],
        **{name: row[name] for name in kept},
        "score": round(row["score"], DIGITS),
        "label": desk.views.label(row["label_id"], row["owner"]),
    }

"""One record: as its reader sees it, its history, and whom it is connected to."""

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from services.reporting import shown
from services.reporting.filters import only_known
from services.reporting.queries.edges import edges_of
from services.reporting.queries.extracts import extracts_of
from services.reporting.queries.history import history_of
from services.reporting.queries.records import find_record
from services.reporting.queries.removals import removal_of
from services.reporting.routes_lists import as_json
from services.reporting.wiring import AtDesk, Reading
from shared.errors import NotFoundError

if TYPE_CHECKING:
    import asyncpg

AS_OF = ("as_of",)

router = APIRouter(prefix="/records/{record_id}")


@router.get("")
async def record(request: Request, record_id: str, desk: AtDesk, reading: Reading) -> Response:
    only_known(request.query_params, AS_OF)
    found = await _found(reading, record_id)
    return as_json((await desk.views.of(reading, [found]))[0])


@router.get("/history")
async def history(request: Request, record_id: str, desk: AtDesk, reading: Reading) -> Response:
    only_known(request.query_params, AS_OF)
    found = await _found(reading, record_id)
    rows = await history_of(reading, record_id)
    told = shown.history(rows, found["owner"], desk.views, desk.policy)
    return as_json({"owner": found["owner"], "items": list(told)})


@router.get("/edges")
async def edges(request: Request, record_id: str, reading: Reading) -> Response:
    only_known(request.query_params, AS_OF)
    await _found(reading, record_id)
    return as_json({"items": [shown.edge(row) for row in await edges_of(reading, record_id)]})


@router.get("/extracts")
async def extracts(request: Request, record_id: str, reading: Reading) -> Response:
    only_known(request.query_params, AS_OF)
    await _found(reading, record_id)
    return as_json(shown.extracts(await extracts_of(reading, record_id), record_id))


@router.get("/removal")
async def removal(request: Request, record_id: str, reading: Reading) -> Response:
    """How far the removal of what it held has come; nothing when nobody approved one."""
    only_known(request.query_params, ())
    await _found(reading, record_id)
    return as_json({"removal": await removal_of(reading, record_id)})


async def _found(reading: Reading, record_id: str) -> "asyncpg.Record":
    """Raises NotFoundError when there is none, or none for this reader."""
    row = await find_record(reading, record_id)
    if row is None:
        raise NotFoundError
    return row

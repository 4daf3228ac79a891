"""What changed in the views since a place in the feed."""

import orjson
from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from services.reporting import shown
from services.reporting.filters import number, only_known
from services.reporting.progress import SOURCES, read_vector
from services.reporting.queries.changes import Told, Vector, changes_after, floors, heads
from services.reporting.reading import Snapshot
from services.reporting.routes_lists import as_json
from services.reporting.wiring import Reading
from shared.errors import FieldError, MalformedError
from shared.projection import Checkpoint

CHANGES, CHANGES_LIMIT = 500, 1_000
# One event changes at most this many groups: a page must be able to hold it whole.
CHANGES_LEAST = 10

router = APIRouter()


@router.get("/changes")
async def changes(request: Request, reading: Reading) -> Response:
    """Without a vector: where the feed is now, and no changes."""
    params = request.query_params
    only_known(params, ("vector", "limit"))
    limit = max(CHANGES_LEAST, number(params, "limit", CHANGES, 1, CHANGES_LIMIT))
    known = await heads(reading)
    if "vector" not in params:
        return as_json(_answer({}, known, reset=False))
    after = read_vector(_json(params["vector"]))
    if _is_lost(after, known, await floors(reading)):
        return as_json(_answer({}, known, reset=True))
    told = await _told(reading, after, known, limit)
    reached = {source: found.reached for source, found in told.items()}
    return as_json(_answer(told, {**after, **reached}, reset=False))


async def _told(reading: Snapshot, after: Vector, known: Vector, limit: int) -> dict[str, Told]:
    """Each source in turn, until the page is full; what does not fit waits where it is."""
    told: dict[str, Told] = {}
    for source in SOURCES:
        left = limit - sum(len(found.rows) for found in told.values())
        if source in known and left >= CHANGES_LEAST:
            place = after.get(source, Checkpoint(0, 0))
            told[source] = await changes_after(reading, source, place, known[source], left)
    return told


def _is_lost(after: Vector, known: Vector, cut: dict[str, int]) -> bool:
    """From before the log begins, or from a history that is no more."""
    start = Checkpoint(0, 0)
    return any(
        place.position < cut.get(source, 0)
        or place.position > known.get(source, start).position
        or (place != start and place.epoch != known[source].epoch)
        for source, place in after.items()
    )


def _answer(told: dict[str, Told], reached: Vector, *, reset: bool) -> dict[str, object]:
    vector = {source: [place.epoch, place.position] for source, place in reached.items()}
    return {"changes": list(shown.changes(told)), "vector": vector, "reset": reset}


def _json(raw: str) -> object:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        error = FieldError("?vector", "invalid", "This is not JSON.")
        raise MalformedError("The vector is not JSON.", errors=(error,)) from None

"""Help for whoever plans a meeting: whom to invite, and who else is meeting the same people.

All of it comes from reporting under the caller's own rights: a plan he may not see is never hinted at.
"""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.authentication import authenticated
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.queries import query_of
from services.gateway.partner_api.views import rendered
from services.gateway.upstream import Upstream
from services.gateway.wiring import gateway_of
from shared.errors import AppError
from shared.principal import Principal

REPORTING = "reporting"
SUGGESTED, OVERLAPS = "/engagements/suggested", "/engagements/overlaps"
OURS = "ours"
Json = dict[str, Any]  # Any: JSON


async def suggested_attendees(request: Request) -> Response:
    """GET /v1/engagements/suggested_attendees."""
    return await _asked(request, SUGGESTED, {"place_id", "series", "party", "limit"})


async def overlaps(request: Request) -> Response:
    """GET /v1/engagements/overlaps."""
    return await _asked(request, OVERLAPS, {"parties", "starts_at", "ends_at", "besides"})


async def overlap_hints(
    upstream: Upstream, principal: Principal, record_id: str, body: bytes
) -> list[Json]:
    """Hints for a plan that was just written. None when reporting does not answer: the write stands."""
    params = _meeting(body)
    if params is None:
        return []
    try:
        params |= {"besides": record_id}
        found = await upstream.peek(REPORTING, OVERLAPS, params, principal)
    except AppError:
        return []
    return [_hint(item) for item in found["items"]]


async def _asked(request: Request, path: str, known: set[str]) -> Response:
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    params = query_of(request, known)
    found = await gateway.upstream.get(REPORTING, path, params, principal)
    return json_answer({"items": [rendered(gateway.secret, one, None) for one in found["items"]]})


def _meeting(body: bytes) -> dict[str, str] | None:
    """Whom a plan is to meet, and when; None when it names nobody by id."""
    told = orjson.loads(body)
    parties = [
        one.get("organisation_id") or one.get("person_id")
        for one in told.get("participants", ())
        if one["side"] != OURS
    ]
    if not any(parties):
        return None
    times = {name: told[name] for name in ("starts_at", "ends_at") if told.get(name)}
    return {"parties": ",".join(one for one in parties if one)} | times


def _hint(item: Json) -> Json:
    return {
        "code": "overlap",
        "detail": "Another organisation plans to meet the same about then.",
        "record_id": item["id"],
    }

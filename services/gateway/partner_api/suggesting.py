"""Proposals while somebody types a name, in any spelling: of records the caller reads, by names he reads."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.authentication import authenticated
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.queries import query_of
from services.gateway.wiring import gateway_of

REPORTING, PATH = "reporting", "/suggest"


async def suggest(request: Request) -> Response:
    """GET /v1/records/suggest."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query = query_of(request, {"q", "kind", "limit"})
    found = await gateway.upstream.get(REPORTING, PATH, query, principal)
    return json_answer({"items": found["items"]})

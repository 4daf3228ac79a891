"""Signed heads of every service's chain, for witnesses: who keeps them notices a history that was changed."""

import asyncio
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.authentication import authenticated
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.queries import query_of, wrong_parameter
from services.gateway.wiring import Gateway, gateway_of
from shared.errors import ForbiddenError
from shared.roles import may_witness

HEADS = "/heads"
Json = dict[str, Any]  # Any: JSON
# Whose chains grow, beside the gateway's own.
DECIDING = ("contacts", "engagements")


async def heads(request: Request) -> Response:
    """GET /v1/heads: the latest of each service, or those signed after `since`, and the public keys."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    if not may_witness(principal.roles):
        raise ForbiddenError("Signed heads are for witnesses; the mission names them.")
    params = query_of(request, {"since"})
    _check_moment(params.get("since"))
    found = await asyncio.gather(
        *(gateway.upstream.peek(service, HEADS, params, principal) for service in DECIDING)
    )
    found.append(await _own(gateway, params.get("since")))
    both = {name: [one for each in found for one in each[name]] for name in ("items", "keys")}
    return json_answer(both)


async def _own(gateway: Gateway, since: str | None) -> Json:
    book = gateway.heads
    shown = await (book.since(datetime.fromisoformat(since)) if since else book.latest())
    return {"items": [one.to_json() for one in shown], "keys": [book.signer.public_key()]}


def _check_moment(since: str | None) -> None:
    if since is None:
        return
    try:
        zone = datetime.fromisoformat(since).utcoffset()
    except ValueError:
        zone = None
    if zone is None:
        raise wrong_parameter("since", "Give a moment with its zone, such as 2030-01-02T09:00:00Z.")

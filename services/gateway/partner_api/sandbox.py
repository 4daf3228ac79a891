"""A sandbox for integration engineers: something happens when they ask for it. In an exercise only.

What happens is a write like any other, by the caller: it takes every step that a real one does.
"""

from typing import Literal

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.authentication import authenticated
from services.gateway.partner_api.bodies import body_of
from services.gateway.partner_api.kinds import KINDS
from services.gateway.partner_api.writing import Json, Writing
from services.gateway.wiring import gateway_of
from shared.api import common
from shared.errors import NotFoundError
from shared.ids import Kind

PATH = "/v1/sandbox/events"
# Nothing that only some roles may set: whoever may plan may have this planned.
EVENTS: dict[str, tuple[Kind, Json]] = {
    "organisation.registered": (
        Kind.ORGANISATION,
        {"name": "Sandbox Relief Committee", "organisation_kind": "ngo"},
    ),
    "engagement.planned": (
        Kind.ENGAGEMENT,
        {
            "purpose": "Sandbox talks",
            "type": "routine_liaison",
            "starts_at": "2040-01-02T09:00:00Z",
        },
    ),
}


class SandboxEvent(common.Request):
    """What is to happen."""

    event: Literal["organisation.registered", "engagement.planned"]


async def happen(request: Request) -> Response:
    """POST /v1/sandbox/events. Outside an exercise there is no such address."""
    await authenticated(request)
    if not gateway_of(request).exercise:
        raise NotFoundError("There is no sandbox here: this is no exercise.")
    asked = body_of(SandboxEvent, await request.body())
    kind, content = EVENTS[asked.event]
    api = next(each for each in KINDS if each.kind is kind)
    return await Writing(api).sent_on(request, f"/{api.plural}", orjson.dumps(content), {})

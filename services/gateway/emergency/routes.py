"""Emergency access over the API: /v1/break_glass."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.authentication import authenticated
from services.gateway.emergency import acting
from services.gateway.emergency.acting import Asked, visible
from services.gateway.emergency.listing import openings_page
from services.gateway.emergency.looks import looks_page
from services.gateway.emergency.reads import emergency_reads_page
from services.gateway.emergency.schemas import BreakGlassAsked, ReviewAsked
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.bodies import body_of
from services.gateway.partner_api.queries import page_size_of, query_of
from services.gateway.partner_api.writing import idempotency_key
from services.gateway.sessions import current_session
from services.gateway.wiring import gateway_of

BASE = "/v1/break_glass"
CREATED = 201
PAGED = frozenset({"page_size", "cursor"})


def emergency_routes() -> list[Route]:
    one = f"{BASE}/{{id}}"
    return [
        Route(BASE, _listed, methods=["GET"]),
        Route(BASE, _opened, methods=["POST"]),
        Route(f"{BASE}/reads", _reads, methods=["GET"]),
        Route(one, _one, methods=["GET"]),
        Route(f"{one}/reads", _looks, methods=["GET"]),
        Route(f"{one}/close", _closed, methods=["POST"]),
        Route(f"{one}/review", _reviewed, methods=["POST"]),
    ]


async def _listed(request: Request) -> Response:
    """One's own; everybody's for security officers. The latest first."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query = query_of(request, PAGED)
    page = await openings_page(gateway, principal, page_size_of(query), query.get("cursor"))
    return json_answer(page.model_dump(mode="json"))


async def _reads(request: Request) -> Response:
    """What emergency access let be read of the caller's organisation's own records."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query = query_of(request, PAGED)
    page = await emergency_reads_page(gateway, principal, page_size_of(query), query.get("cursor"))
    return json_answer(page.model_dump(mode="json"))


async def _one(request: Request) -> Response:
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query_of(request, set())
    found = await visible(gateway, principal, request.path_params["id"])
    return json_answer(acting.told(found).model_dump(mode="json"))


async def _looks(request: Request) -> Response:
    """What it was used for."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query, spelled = query_of(request, PAGED), request.path_params["id"]
    size, cursor = page_size_of(query), query.get("cursor")
    page = await looks_page(gateway, principal, spelled, size, cursor)
    return json_answer(page.model_dump(mode="json"))


async def _opened(request: Request) -> Response:
    asked = await _asked(request)
    acting.check_may(asked.principal, gateway_of(request).policy)
    body = body_of(BreakGlassAsked, await request.body())
    outcome = await acting.break_glass(
        gateway_of(request), asked, await current_session(request), body
    )
    headers = {"Location": f"{BASE}/{outcome.id}"}
    if outcome.replayed:
        headers["Idempotency-Replayed"] = "true"
    return await _answered(request, asked, str(outcome.id), CREATED, headers)


async def _closed(request: Request) -> Response:
    asked = await _asked(request)
    await acting.close(gateway_of(request), asked, request.path_params["id"])
    return await _answered(request, asked, request.path_params["id"])


async def _reviewed(request: Request) -> Response:
    asked, gateway = await _asked(request), gateway_of(request)
    await visible(gateway, asked.principal, request.path_params["id"])
    body = body_of(ReviewAsked, await request.body())
    await acting.review(gateway, asked, request.path_params["id"], body)
    return await _answered(request, asked, request.path_params["id"])


async def _answered(
    request: Request,
    asked: Asked,
    spelled: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    found = await visible(gateway_of(request), asked.principal, spelled)
    return json_answer(acting.told(found).model_dump(mode="json"), status, headers=headers)


async def _asked(request: Request) -> Asked:
    principal = (await authenticated(request)).principal
    key = idempotency_key(request)
    query_of(request, set())
    digest = hashlib.sha256(await request.body()).digest()
    return Asked(principal, key, f"{request.method} {request.scope['path']}", digest)

"""The webhooks of the partner API."""

from collections.abc import Callable, Coroutine
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.authentication import authenticated
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.bodies import body_of
from services.gateway.partner_api.queries import page_size_of, query_of, wrong_parameter
from services.gateway.partner_api.writing import idempotency_key
from services.gateway.webhooks import acting, messages, store
from services.gateway.webhooks.listing import STATES, OtherQueryError, log_page
from services.gateway.webhooks.owning import asked_for, client_of, webhooks_of
from services.gateway.webhooks.requests import Nothing, RegisterWebhook, Replay
from services.gateway.webhooks.schemas import (
    Queued,
    Webhooks,
    WebhookSecret,
    WebhookView,
)
from services.gateway.webhooks.sending import Sending
from services.gateway.webhooks.store import Webhook
from services.gateway.wiring import gateway_of

BASE = "/v1/webhooks"
CREATED, ACCEPTED, NO_CONTENT = 201, 202, 204


def webhook_routes() -> list[Route]:
    one = f"{BASE}/{{id}}"
    return [
        Route(BASE, _list, methods=["GET"]),
        Route(BASE, _register, methods=["POST"]),
        Route(one, _read, methods=["GET"]),
        Route(one, _delete, methods=["DELETE"]),
        Route(f"{one}/messages", _messages, methods=["GET"]),
        *(Route(f"{one}/{name}", act, methods=["POST"]) for name, act in VERBS.items()),
    ]


def sending_of(request: Request) -> Sending:
    sending: Sending = request.app.state.webhooks
    return sending


async def _list(request: Request) -> Response:
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query_of(request, set())
    found = await webhooks_of(gateway.pool, principal)
    return _told(Webhooks(items=[shown(sending_of(request), hook) for hook in found]))


async def _register(request: Request) -> Response:
    sending, principal = sending_of(request), (await authenticated(request)).principal
    client_id, key = client_of(principal), idempotency_key(request)
    query_of(request, set())
    asked = body_of(RegisterWebhook, await request.body())
    hook, replayed = await acting.register(sending, principal, client_id, key, asked)
    headers = {"Location": f"{BASE}/{hook.webhook_id}"}
    if replayed:
        headers["Idempotency-Replayed"] = "true"
    return _told(with_secret(sending, hook), CREATED, headers)


async def _read(request: Request) -> Response:
    hook = await asked_for(request)
    query_of(request, set())
    return _told(shown(sending_of(request), hook))


async def _delete(request: Request) -> Response:
    hook = await asked_for(request)
    await store.delete(gateway_of(request).pool, hook.webhook_id)
    return Response(status_code=NO_CONTENT)


async def _messages(request: Request) -> Response:
    """Its delivery log, the latest first."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    hook = await asked_for(request)
    query = query_of(request, {"page_size", "cursor", "state"})
    size, state = page_size_of(query), query.get("state")
    if state not in (None, *STATES):
        raise wrong_parameter("state", "Give waiting, delivered or withdrawn.")
    try:
        return _told(await log_page(gateway, principal, hook, (state, query.get("cursor")), size))
    except OtherQueryError:
        raise wrong_parameter("cursor", "This cursor belongs to another query.") from None


async def _activate(request: Request) -> Response:
    hook = await _acted(request)
    await acting.activate_as_owner(sending_of(request), hook)
    return await _again(request, hook)


async def _disable(request: Request) -> Response:
    hook = await _acted(request)
    await acting.disable(sending_of(request), hook)
    return await _again(request, hook)


async def _rotate(request: Request) -> Response:
    sending, hook = sending_of(request), await _acted(request)
    rotated = await acting.rotate(sending, hook, idempotency_key(request))
    return _told(with_secret(sending, rotated))


async def _ping(request: Request) -> Response:
    hook = await _acted(request)
    message_id = await acting.ping(sending_of(request), hook, idempotency_key(request))
    return _told(Queued(queued=1, message_id=message_id), ACCEPTED)


async def _replay(request: Request) -> Response:
    """Again, in order, before all that is newer, under the same ids; each is authorised anew."""
    gateway, hook = gateway_of(request), await asked_for(request)
    idempotency_key(request)
    asked = body_of(Replay, await request.body())
    queued = await messages.replay(
        gateway.pool, hook.webhook_id, asked.message_ids, asked.since, asked.until
    )
    gateway.wake.call()
    return _told(Queued(queued=queued), ACCEPTED)


VERBS: dict[str, Callable[[Request], Coroutine[Any, Any, Response]]] = {  # Any: a coroutine's own
    "activate": _activate,
    "disable": _disable,
    "rotate": _rotate,
    "ping": _ping,
    "replay": _replay,
}


def shown(sending: Sending, hook: Webhook) -> WebhookView:
    return WebhookView(**_fields(sending, hook))


def with_secret(sending: Sending, hook: Webhook) -> WebhookSecret:
    secret = acting.present(sending, hook).spelled_secret
    return WebhookSecret(**_fields(sending, hook), secret=secret, previous_until=hook.overlap_until)


async def _acted(request: Request) -> Webhook:
    """The webhook a verb without fields names."""
    hook = await asked_for(request)
    idempotency_key(request)
    query_of(request, set())
    if await request.body():
        body_of(Nothing, await request.body())
    return hook


async def _again(request: Request, hook: Webhook) -> Response:
    found = await store.webhook(gateway_of(request).pool, hook.webhook_id)
    return _told(shown(sending_of(request), found or hook))


def _fields(sending: Sending, hook: Webhook) -> dict[str, Any]:  # Any: fields of the view
    return {
        "id": hook.webhook_id,
        "client_id": hook.client_id,
        "url": hook.url,
        "kinds": list(hook.kinds),
        "include": "record" if hook.include_record else None,
        "state": hook.state,
        "why": hook.why,
        "public_key": acting.present(sending, hook).public_key,
        "failing_since": hook.failing_since,
        "failures": hook.failures,
        "next_attempt_at": hook.next_at,
        "registered_at": hook.registered_at,
    }


def _told(body: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return json_answer(body.model_dump(mode="json"), status, headers=headers)

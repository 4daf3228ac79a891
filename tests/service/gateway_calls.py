"""Calling the gateway in its tests, and the least that a write needs."""

from typing import Any
from uuid import uuid4

from tests.service.gateway_world import World

BODY = {
    "purpose": "Cattle corridor talks",
    "type": "routine_liaison",
    "starts_at": "2030-01-02T09:00:00Z",
}


async def call(
    world: World, method: str, path: str, headers: Any, body: Any = None, **more: Any
) -> tuple[Any, Any]:
    async with world.http.request(method, path, headers=headers, json=body, **more) as answer:
        raw = await answer.read()
        return answer, await answer.json(content_type=None) if raw else {}


def keyed(headers: dict[str, str], key: str | None = None) -> dict[str, str]:
    return headers | {"Idempotency-Key": key or uuid4().hex}

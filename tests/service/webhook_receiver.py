"""A partner's receiver: keeps what it is sent, and answers as the test tells it to."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World

CHALLENGE = "parley.webhook.challenge"


@dataclass
class Got:
    """One request."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    def is_signed_by(self, public_key: str) -> bool:
        """Whether one of its `v1a` signatures is this key's, by the letter of the specification."""
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        given = self.headers["webhook-signature"].split(" ")
        return any(_verifies(key, one[4:], signed) for one in given if one.startswith("v1a,"))


@dataclass
class Receiver:
    """`got`: what it accepted, apart from challenges. `refused`: how often it did not."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    proves: bool = True
    got: list[Got] = field(default_factory=list)
    refused: int = 0

    @property
    def subjects(self) -> list[str]:
        return [one.event["subject"] for one in self.got]

    async def take(self, request: web.Request) -> web.Response:
        one = Got({k.lower(): v for k, v in request.headers.items()}, await request.read())
        if one.event["type"] == CHALLENGE and self.status == 200:
            challenge = one.event["data"]["challenge"] if self.proves else "something else"
            return web.json_response({"challenge": challenge})
        if self.status == 200:
            self.got.append(one)
        else:
            self.refused += 1
        return web.Response(status=self.status, headers=self.headers)


@asynccontextmanager
async def run_receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


async def registered(world: World, headers: Any, url: str, **more: Any) -> Any:
    answer, told = await call(world, "POST", "/v1/webhooks", keyed(headers), {"url": url, **more})
    assert answer.status == 201, told
    return told


async def activated(world: World, headers: Any, url: str, **more: Any) -> Any:
    """The webhook as it was registered, with its secret; it is active by now."""
    hook = await registered(world, headers, url, **more)
    answer, told = await act(world, headers, hook, "activate")
    assert answer.status == 200, told
    return hook


async def act(world: World, headers: Any, hook: Any, verb: str, body: Any = None) -> Any:
    path = f"/v1/webhooks/{hook['id']}/{verb}"
    return await call(world, "POST", path, keyed(headers), body)


async def read(world: World, headers: Any, hook: Any) -> Any:
    return (await call(world, "GET", f"/v1/webhooks/{hook['id']}", headers))[1]


async def log_of(world: World, headers: Any, hook: Any, query: str = "") -> Any:
    path = f"/v1/webhooks/{hook['id']}/messages{query}"
    return (await call(world, "GET", path, headers))[1]


def _verifies(key: Ed25519PublicKey, signature: str, signed: bytes) -> bool:
    try:
        key.verify(base64.b64decode(signature), signed)
    except InvalidSignature:
        return False
    return True

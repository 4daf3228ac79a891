"""A partner system as the tests play it: signs in as a client, writes, reads, follows the feed."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import aiohttp

REQUEST_SECONDS = 20
FEED_CONNECT_SECONDS = 10
RETRIES = 200
RETRY_PAUSE_SECONDS = 0.1
BUSY = 503
BUSY_SECONDS = 60

Json = dict[str, Any]  # Any: what the gateway answers


@dataclass(frozen=True, slots=True)
class Persona:
    """One line of `var/demo.json`."""

    id: str
    name: str
    organisation: str
    organisation_id: str
    roles: tuple[str, ...]
    communities: tuple[str, ...]
    level: str
    caveats: tuple[str, ...]
    username: str
    password: str
    client_id: str
    client_secret: str

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> Self:  # Any: JSON
        known: dict[str, Any] = {key: line[key] for key in cls.__dataclass_fields__}  # Any: JSON
        return cls(**known | {key: tuple(line[key]) for key in ("roles", "communities", "caveats")})


@dataclass(slots=True)
class FeedEvent:
    """One Server-Sent Event: its cursor, its name, and its CloudEvent."""

    id: str = ""
    event: str = "message"
    data: str = ""

    @property
    def json(self) -> Json:
        parsed: Json = json.loads(self.data)
        return parsed


@dataclass
class Partner:
    """Use as `async with Partner(url, persona) as partner`."""

    gateway: str
    persona: Persona
    session: aiohttp.ClientSession = field(init=False)
    token: str = field(init=False, default="")

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
        self.session = aiohttp.ClientSession(base_url=self.gateway, timeout=timeout)
        try:
            await self.sign_in()
        except BaseException:
            await self.session.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.session.close()

    async def sign_in(self) -> None:
        basic = aiohttp.encode_basic_auth(self.persona.client_id, self.persona.client_secret)
        form = {"grant_type": "client_credentials"}
        headers = {"Authorization": basic}
        async with self.session.post("/oauth/token", data=form, headers=headers) as answer:
            answer.raise_for_status()
            self.token = (await answer.json())["access_token"]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Json, Mapping[str, str]]:
        """Status, parsed body and headers of one request, as they came."""
        sent = {**self.headers, **(headers or {})}
        async with self.session.request(
            method, path, json=body, params=params, headers=sent
        ) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else {}, answer.headers

    async def get(self, path: str, **params: str) -> Json:
        """What is there; asked again, as the answer says, while the gateway is busy (503)."""
        async with asyncio.timeout(BUSY_SECONDS):
            while True:
                status, body, headers = await self.call("GET", path, params=params)
                if status != BUSY:
                    break
                await asyncio.sleep(float(headers["Retry-After"]))
        assert status == 200, (status, body)
        return body

    async def post(self, path: str, body: Json, key: str | None = None) -> Json:
        """An accepted write. Raises AssertionError with the problem otherwise."""
        status, answer, _ = await self.call(
            "POST", path, body, headers={"Idempotency-Key": key or uuid4().hex}
        )
        assert status in (200, 201), (status, answer)
        return answer

    async def post_until_acknowledged(self, path: str, body: Json) -> Json:
        """Repeat one write under one key, as a partner does, until it is acknowledged."""
        key = uuid4().hex
        for _ in range(RETRIES):
            answer = await self._attempt(path, body, key)
            if answer is not None:
                return answer
            await asyncio.sleep(RETRY_PAUSE_SECONDS)
        raise AssertionError("never acknowledged")

    async def _attempt(self, path: str, body: Json, key: str) -> Json | None:
        try:
            status, answer, _ = await self.call(
                "POST", path, body, headers={"Idempotency-Key": key}
            )
        except (aiohttp.ClientError, TimeoutError):
            return None
        assert status < 400 or status in (409, 502, 503), (status, answer)
        return answer if status < 400 else None

    async def all_pages(self, path: str, **params: str) -> list[Json]:
        """Every item of a list, page after page to the end."""
        items: list[Json] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, page_size="200", **params, **cursor)
            items += page["items"]
            if not page["next_cursor"]:
                return items
            cursor = {"cursor": page["next_cursor"]}

    @asynccontextmanager
    async def feed(self, cursor: str | None = None) -> AsyncIterator[AsyncIterator[FeedEvent]]:
        """The open feed from `cursor`, or from now."""
        headers = dict(self.headers) | ({"Last-Event-ID": cursor} if cursor else {})
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=FEED_CONNECT_SECONDS)
        async with self.session.get("/v1/events", headers=headers, timeout=timeout) as answer:
            assert answer.status == 200, await answer.text()
            yield _events(answer.content)


async def _events(stream: aiohttp.StreamReader) -> AsyncIterator[FeedEvent]:
    event = FeedEvent()
    async for raw in stream:
        line = raw.decode().rstrip("\n")
        if not line:
            if event.id or event.data:
                yield event
            event = FeedEvent()
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            if name in ("id", "event", "data"):
                setattr(event, name, value)

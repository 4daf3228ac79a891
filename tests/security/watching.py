"""Somebody let in for one test, and every way by which he and his machine are shown something."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp

from shared.ids import Kind, RecordId
from tests.e2e.browserless import signed_in
from tests.e2e.partner import Partner, Persona
from tests.service.webhook_receiver import Receiver, run_receiver

WHY = {"reason": "To see what ends when"}
LEVEL, COMMUNITY, CAVEAT = "confidential", "un", "PROTECTION"
CONNECT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Entitled:
    """`records`: what was written of him where access is decided, by family."""

    records: dict[str, str]
    persona: Persona


async def entitle(officer: Partner) -> Entitled:
    """Of an organisation of his own; reads LEVEL, COMMUNITY and CAVEAT."""
    name, organisation = f"watcher-{uuid4().hex[:12]}", str(RecordId.new(Kind.ORGANISATION))
    cleared, access = WHY | {"level": LEVEL}, "/v1/access"
    admitted = cleared | {"organisation_id": organisation, "name": name}
    enrolled = {"username": name, "display_name": name, "organisation_id": organisation}
    partner = (await officer.post(f"{access}/partners", admitted))["id"]
    person = (await officer.post(f"{access}/people", cleared | enrolled))["id"]
    for kind, granted in (("role", "partner"), ("community", COMMUNITY), ("caveat", CAVEAT)):
        body = WHY | {"kind": kind, "name": granted}
        await officer.post(f"{access}/people/{person}/grant", body)
    password = (await officer.post(f"{access}/people/{person}/reset_password", WHY))["secret"]
    account = (await officer.get(f"{access}/people/{person}"))["account_id"]
    registered = cleared | {"account_id": account, "name": name}
    client = (await officer.post(f"{access}/clients", registered))["id"]
    secret = (await officer.post(f"{access}/clients/{client}/add_secret", WHY))["secret"]
    client_id = (await officer.get(f"{access}/clients/{client}"))["client_id"]
    persona = Persona(
        name, name, name, organisation, ("partner",), (COMMUNITY,), LEVEL, (CAVEAT,), name,
        password, client_id, secret,
    )  # fmt: skip
    return Entitled({"partners": partner, "people": person, "clients": client}, persona)


@dataclass
class Watching:
    """`streams`: all that came so far by what stays open; `ended`: which of them are over."""

    partner: Partner
    browser: aiohttp.ClientSession
    receiver: Receiver
    streams: dict[str, bytes] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    async def told(self, asked: "Asked") -> str:
        """The body of an answer, whatever its status; a file that is broken off is none."""
        http = self.browser if asked.page else self.partner.session
        headers = {} if asked.page else self.partner.headers
        async with http.get(asked.path, headers=headers, allow_redirects=False) as answer:
            try:
                return await answer.text()
            except aiohttp.ClientPayloadError:
                return ""

    async def exported(self) -> "Asked":
        """The link of an export of all commitments."""
        key = {"Idempotency-Key": uuid4().hex}
        path = "/v1/commitments/export"
        _, job, _ = await self.partner.call("POST", path, headers=key)
        async with asyncio.timeout(CONNECT_SECONDS):
            while not job["file"]:
                await asyncio.sleep(0.05)
                job = await self.partner.get(f"/v1/jobs/{job['id']}")
        return Asked(str(job["file"]))

    def brought(self) -> str:
        """By webhook."""
        return " ".join(one.body.decode() for one in self.receiver.got)

    async def follow(self, name: str, http: aiohttp.ClientSession, path: str) -> None:
        headers = self.partner.headers if http is self.partner.session else {}
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
        async with http.get(path, headers=headers, timeout=timeout) as answer:
            assert answer.status == 200, await answer.text()
            async for part in answer.content.iter_any():
                self.streams[name] = self.streams.get(name, b"") + part
        self.ended.add(name)


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    page: bool = False


@asynccontextmanager
async def watching(gateway: str, persona: Persona) -> AsyncIterator[Watching]:
    """With a feed, a page's stream and a webhook open."""
    async with AsyncExitStack() as stack:
        partner = await stack.enter_async_context(Partner(gateway, persona))
        browser = await stack.enter_async_context(signed_in(partner))
        receiver = await stack.enter_async_context(run_receiver())
        made = Watching(partner, browser, receiver)
        hook = await partner.post("/v1/webhooks", {"url": receiver.url, "include": "record"})
        await partner.post(f"/v1/webhooks/{hook['id']}/activate", {})
        following = [
            asyncio.create_task(made.follow("feed", partner.session, "/v1/events?include=record")),
            asyncio.create_task(made.follow("live", browser, "/live")),
        ]
        try:
            await until(lambda: made.streams.keys() == {"feed", "live"})
            yield made
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)


async def until(holds: Callable[[], Any], seconds: float = CONNECT_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.05)

"""Contacts and engagements as they run, and callers whom the gateway's key vouches for."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import aiohttp
import uvicorn
from fastapi import FastAPI

from deploy.local.state import free_port
from services.contacts.app import create_app as create_contacts
from services.contacts.settings import ContactsSettings
from services.engagements.app import create_app as create_engagements
from services.engagements.settings import EngagementsSettings
from shared.eventstore.store import open_store
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.principal_signing import HEADER, Signer, load_signer, request_digest
from shared.roles import Role

POLICY_FILE = Path(__file__).parents[2] / "deploy/policy/mission.toml"
START_SECONDS = 20
REQUEST_SECONDS = 20


@dataclass(frozen=True)
class Answer:
    status: int
    json: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.json["id"])

    @property
    def errors(self) -> list[tuple[str, str]]:
        return [(wrong["pointer"], wrong["code"]) for wrong in self.json["errors"]]


@dataclass(frozen=True)
class Caller:
    """One principal's line to one service. Every write gets a key of its own unless told."""

    http: aiohttp.ClientSession
    service: str
    signer: Signer
    principal: Principal
    headers: dict[str, str] = field(default_factory=dict)

    def but(self, **changes: Any) -> "Caller":
        """The same line for a principal who differs in this."""
        return replace(self, principal=replace(self.principal, **changes))

    def saying(self, **headers: str) -> "Caller":
        """The same caller with these headers besides (`_` stands for `-`)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers=self.headers | named)

    async def until_ready(self) -> Answer:
        """What `/health/ready` says in the end."""
        async with asyncio.timeout(START_SECONDS):
            while (answer := await self.health()).status != 200:
                await asyncio.sleep(0.02)
        return answer

    async def health(self) -> Answer:
        async with self.http.get("/health/ready") as answer:
            return Answer(answer.status, await answer.json())

    async def post(self, path: str, body: Any, key: str | None = None) -> Answer:
        return await self._send("POST", path, body, key)

    async def put(self, path: str, body: Any, key: str | None = None) -> Answer:
        return await self._send("PUT", path, body, key)

    async def put_external(self, kind: str, system: str, id_: str, body: Any) -> Answer:
        return await self.put(f"/{kind}/external/{system}/{quote(id_, safe='')}", body)

    async def batch(self, kind: str, *items: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.post(f"/{kind}/batch", {"items": items})
        assert answer.status == 200, answer.json
        answered: list[dict[str, Any]] = answer.json["items"]
        return answered

    async def upload(self, path: str, content: bytes, key: str | None = None) -> Answer:
        return await self._send("POST", path, content, key)

    async def download(self, path: str) -> tuple[int, bytes]:
        signed = self.signer.sign(self.principal, self.service, request_digest("GET", path, b""))
        async with self.http.get(path, headers={HEADER: signed}) as answer:
            return answer.status, await answer.read()

    async def _send(self, method: str, path: str, body: Any, key: str | None) -> Answer:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        digest = request_digest(method, path, content)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key or uuid4().hex,
            HEADER: self.signer.sign(self.principal, self.service, digest),
        }
        async with self.http.request(
            method, path, data=io.BytesIO(content), headers=headers | self.headers
        ) as answer:
            return Answer(answer.status, await answer.json(content_type=None), answer.headers)


def an_organisation() -> RecordId:
    return RecordId.new(Kind.ORGANISATION)


def officer(**more: Any) -> Principal:
    """A liaison officer of the military component who holds every caveat."""
    given: dict[str, Any] = {
        "subject": "officer",
        "organisation": an_organisation(),
        "client": "officer-client",
        "communities": frozenset({"mil", "mission"}),
        "caveats": frozenset({"OWN_SIDE", "SOURCE", "PROTECTION"}),
        "levels": {"un": 3},
        "roles": frozenset({Role.LIAISON_OFFICER, Role.GAZETTEER_EDITOR}),
    }
    return Principal(**(given | more))


@asynccontextmanager
async def serving(app: FastAPI, port: int, service: str, secrets: Path) -> AsyncIterator[Caller]:
    """The application behind a real port; gives an officer's line to it."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve())  # without its signal handlers
    signer = load_signer(secrets / "gateway.ed25519", "test")
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    try:
        async with asyncio.timeout(START_SECONDS):
            while not server.started:
                assert not running.done(), running
                await asyncio.sleep(0.02)
        url = f"http://127.0.0.1:{port}"
        async with aiohttp.ClientSession(url, timeout=timeout) as http:
            yield Caller(
                http, service, replace(signer, mission=app.state.verifier.mission), officer()
            )
    finally:
        server.should_exit = True
        await running


@dataclass(frozen=True)
class Installed:
    """What both services of one test run on: fresh databases, a mission of their own on NATS."""

    databases: Any
    nats_url: str
    mission: str
    secrets: Path

    def settings(self, service: str) -> dict[str, Any]:
        return {
            "service": service,
            "mission": self.mission,
            "site": "hq",
            "port": free_port(),
            "keystore_url": self.databases.url("keystore", service),
            "nats_url": self.nats_url,
            "nats_seed_file": self.secrets / f"nats-{service}.seed",
            "secrets_dir": self.secrets,
            "policy_file": POLICY_FILE,
            "database_url": self.databases.url(service, "app"),
            "ledger_dir": self.ledgers,
        }

    @property
    def ledgers(self) -> Path:
        """A folder of this test's own."""
        folder = self.secrets.parent / "removed" / self.mission
        folder.mkdir(exist_ok=True)
        return folder

    @asynccontextmanager
    async def contacts(self) -> AsyncIterator[Caller]:
        settings = ContactsSettings(**self.settings("contacts"))
        app = create_contacts(settings)
        async with serving(app, settings.port, "contacts", self.secrets) as caller:
            yield caller

    @asynccontextmanager
    async def engagements(self) -> AsyncIterator[Caller]:
        settings = EngagementsSettings(**self.settings("engagements"))
        app = create_engagements(settings)
        async with serving(app, settings.port, "engagements", self.secrets) as caller:
            yield caller

    async def events(self, service: str, record_id: str) -> list[str]:
        """Types of the events of one record, in order, as they are stored."""
        async with open_store(self.databases.url(service, "app"), connections=1) as store:
            return [event.type.split(".")[1] for event in await store.load(record_id)]

    async def bytes_of(self, service: str, record_id: str) -> bytes:
        """Everything that is stored of one record."""
        async with open_store(self.databases.url(service, "app"), connections=1) as store:
            return b"".join(event.data + event.meta for event in await store.load(record_id))

"""The reporting service as it runs: behind a port, on a bus, with relays that bring what is decided."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from nats.aio.client import Client
from yarl import URL

from deploy.local.state import free_port
from services.reporting.app import create_app
from services.reporting.settings import ReportingSettings
from shared.bus import Address, open_bus
from shared.ids import RecordId
from shared.principal import Principal
from shared.principal_signing import HEADER, request_digest
from shared.relay import Relay
from tests.service.conftest import running
from tests.service.deciding_world import POLICY_FILE, Answer, Caller, serving
from tests.service.reporting_world import SERVICES, World, fresh_databases, open_world
from tests.stack.nats import new_mission


@dataclass(frozen=True)
class Service:
    """`get` asks as somebody; `appended` waits for what `world.append` decided."""

    world: World
    line: Caller
    settings: ReportingSettings
    bus: Client

    async def get(self, path: str, principal: Principal, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent[HEADER] = self.line.signer.sign(
            principal, "reporting", request_digest("GET", path, b"")
        )
        url = URL(f"http://127.0.0.1:{self.settings.port}{path}", encoded=True)
        async with self.line.http.get(url, headers=sent) as answer:
            return Answer(answer.status, await answer.json(content_type=None))

    async def appended(self, record: Any, *events: Any) -> tuple[RecordId, str]:
        """The record, and the header that waits for these events."""
        record_id = await self.world.append(record, *events)
        service = SERVICES[record_id.kind]
        head = await self.world.stores[service].head()
        return record_id, f"{service}={head.epoch}:{head.position}"

    async def changes(self, principal: Principal, vector: Any, **headers: str) -> dict[str, Any]:
        answer = await self.get(
            f"/changes?vector={quote(json.dumps(vector), safe='')}", principal, **headers
        )
        assert answer.status == 200, answer.json
        return answer.json


@asynccontextmanager
async def running_service(postgres: Any, nats: Any, layout: Any) -> AsyncIterator[Service]:
    """With relays and databases of its own."""
    async with (
        surroundings(postgres, nats, layout) as (world, settings, bus),
        served(world, settings, bus) as service,
    ):
        yield service


@asynccontextmanager
async def surroundings(
    postgres: Any, nats: Any, layout: Any
) -> AsyncIterator[tuple[World, ReportingSettings, Client]]:
    """What is decided goes to its stream; nobody reads it yet."""
    fresh, mission = await fresh_databases(postgres), new_mission()
    settings = ReportingSettings(
        service="reporting",
        mission=mission,
        site="hq",
        port=free_port(),
        keystore_url=fresh.url("keystore", "reporting"),
        nats_url=nats.url,
        nats_seed_file=layout.secrets / "nats-reporting.seed",
        secrets_dir=layout.secrets,
        policy_file=POLICY_FILE,
        read_url=fresh.url("reporting_read", "reader"),
        projector_url=fresh.url("reporting_read", "projector"),
    )
    async with (
        open_world(postgres, layout, fresh) as world,
        open_bus(nats.url, None, name="t") as bus,
    ):
        relays = [
            Relay(store, bus, Address(mission, "hq", name)).run()
            for name, store in world.stores.items()
        ]
        async with running(*relays):
            yield world, settings, bus


@asynccontextmanager
async def served(world: World, settings: ReportingSettings, bus: Client) -> AsyncIterator[Service]:
    """The service in this process."""
    app = create_app(settings)
    async with serving(app, settings.port, "reporting", settings.secrets_dir) as line:
        yield Service(world, line, settings, bus)

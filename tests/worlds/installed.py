"""One world: all four services as they are, in this process behind real ports, on databases of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import uvicorn
from starlette.types import ASGIApp

from deploy.local.layout import ROOT, Layout
from deploy.local.personas import PERSONAS
from deploy.local.state import free_port
from services.contacts.app import create_app as create_contacts
from services.contacts.settings import ContactsSettings
from services.engagements.app import create_app as create_engagements
from services.engagements.settings import EngagementsSettings
from services.gateway.access.opening import OperatorAccess, open_desk
from services.gateway.access.personas import read_personas
from services.gateway.access.provision import Provision, provision
from services.gateway.app import create_app as create_gateway
from services.gateway.jobs.job import Job
from services.gateway.jobs.working import Jobs
from services.gateway.settings import GatewaySettings
from services.reporting.app import create_app as create_reporting
from services.reporting.settings import ReportingSettings
from shared.clock import held_at
from shared.ids import seeded_ids
from shared.projection import Checkpoint
from tests.stack.nats import TestNats, new_mission
from tests.stack.postgres import FreshDatabases, TestPostgres
from tests.worlds.moment import START, Moment, Seeded

POLICY_FILE = ROOT / "deploy/policy/mission.toml"
# What callers are told: the same in every world, wherever its gateway really listens.
PUBLIC_URL = "http://localhost:8000"
HOST = "localhost:8000"
DECIDING = ("contacts", "engagements", "gateway")
START_SECONDS, ANSWER_SECONDS, CAUGHT_UP_SECONDS = 30, 30, 20
LOOK_AGAIN_SECONDS = 0.005
# The store's clock is the database's. In front of the real one stands a held one, for this function only.
HOLD_CLOCK = """
create table held_clock (at timestamptz not null);
insert into held_clock values ('2026-01-01T00:00:00Z');
create function public.clock_timestamp() returns timestamptz language sql volatile security definer
    set search_path = public, pg_temp as 'select at from held_clock';
alter function append_batch set search_path = public, pg_catalog, pg_temp
"""

UNDER_WAY = "select exists (select from jobs where ended_at is null)"
Line = dict[str, Any]  # Any: JSON


@dataclass
class World:
    """`people`: the exercise's personas with their secrets. Ask through `http`."""

    mission: str
    moment: Moment
    people: dict[str, Line]
    http: aiohttp.ClientSession
    clocks: "list[asyncpg.Connection[asyncpg.Record]]"
    apps: dict[str, Any]
    settings: dict[str, Any]
    databases: FreshDatabases

    async def at(self, number: int, *, writing: bool) -> None:
        """Let it be the moment of request `number`; `writing`: for the stores, too."""
        self.moment.number = number
        if writing:
            for clock in self.clocks:
                await clock.execute("update held_clock set at = $1", self.moment.now)

    async def settle(self, principal_client: str) -> None:
        """Wait until all who read know what this client wrote, and no job is under way."""
        known = self.apps["gateway"].state.gateway.upstream.memory.recall(principal_client)
        wanted = {name: Checkpoint(*place) for name, place in known.items() if place > (0, 0)}
        progress = self.apps["reporting"].state.read_side.progress
        pool = self.apps["gateway"].state.gateway.pool
        async with asyncio.timeout(CAUGHT_UP_SECONDS):
            while not progress._has(wanted) or await pool.fetchval(UNDER_WAY):
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        if "contacts" in wanted:
            place = wanted["contacts"]
            following = self.apps["engagements"].state.following
            await following.until(f"contacts={place.epoch}:{place.position}")


@asynccontextmanager
async def open_world(
    postgres: TestPostgres, nats: TestNats, layout: Layout, seed: str, twin: "World | None" = None
) -> AsyncIterator[World]:
    """A new installation with the exercise's people (the same as its twin's) and no records."""
    moment, mission = Moment(seed), new_mission()
    databases = await postgres.fresh()
    settings = _settings(databases, nats.url, layout.secrets, mission)
    apps = {
        "contacts": create_contacts(settings["contacts"]),
        "engagements": create_engagements(settings["engagements"]),
        "reporting": create_reporting(settings["reporting"]),
        "gateway": create_gateway(settings["gateway"]),
    }
    async with AsyncExitStack() as stack:
        clocks = [
            await _held_clock(stack, postgres.admin_url, databases.url(name, "owner"))
            for name in DECIDING
        ]
        people = twin.people if twin else await _people(settings["gateway"], seed)
        if twin:
            await _copy_people(twin.settings["gateway"], settings["gateway"])
        for name, app in apps.items():
            await stack.enter_async_context(_served(Seeded(app, moment, name), settings[name].port))
        _hold_jobs(apps["gateway"].state.jobs, moment)
        http = await stack.enter_async_context(
            aiohttp.ClientSession(
                f"http://127.0.0.1:{settings['gateway'].port}",
                timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Host": HOST},
                auto_decompress=True,
            )
        )
        yield World(mission, moment, people, http, clocks, apps, settings, databases)


def _hold_jobs(jobs: Jobs, moment: Moment) -> None:
    """They go on by themselves, but in the world's moment: a caller signed for another is not believed."""
    step = jobs._step

    async def held(job: Job) -> Job | None:
        with held_at(moment.now):
            return await step(job)

    setattr(jobs, "_step", held)  # noqa: B010 - in place of a method


def _settings(
    databases: FreshDatabases, nats_url: str, secrets: Path, mission: str
) -> dict[str, Any]:  # Any: each service's own settings
    ports = {name: free_port() for name in ("contacts", "engagements", "reporting", "gateway")}
    ledgers = secrets.parent / "removed" / mission
    ledgers.mkdir()

    def common(name: str) -> dict[str, Any]:
        return {
            "service": name,
            "mission": mission,
            "site": "hq",
            "port": ports[name],
            "keystore_url": databases.url("keystore", name),
            "nats_url": nats_url,
            "nats_seed_file": secrets / f"nats-{name}.seed",
            "secrets_dir": secrets,
            "policy_file": POLICY_FILE,
        }

    url = "http://127.0.0.1:{}".format
    return {
        "contacts": ContactsSettings(
            database_url=databases.url("contacts", "app"), ledger_dir=ledgers, **common("contacts")
        ),
        "engagements": EngagementsSettings(
            database_url=databases.url("engagements", "app"),
            ledger_dir=ledgers,
            **common("engagements"),
        ),
        "reporting": ReportingSettings(
            read_url=databases.url("reporting_read", "reader"),
            projector_url=databases.url("reporting_read", "projector"),
            **common("reporting"),
        ),
        "gateway": GatewaySettings(
            database_url=databases.url("gateway", "app"),
            contacts_url=url(ports["contacts"]),
            engagements_url=url(ports["engagements"]),
            reporting_url=url(ports["reporting"]),
            public_url=PUBLIC_URL,
            **common("gateway"),
        ),
    }


async def _held_clock(
    stack: AsyncExitStack, admin_url: str, owner_url: str
) -> "asyncpg.Connection[asyncpg.Record]":
    name = owner_url.rpartition("/")[2]
    connection = await asyncpg.connect(f"{admin_url.rpartition('/')[0]}/{name}", timeout=10)
    stack.push_async_callback(connection.close)
    await connection.execute(HOLD_CLOCK)
    return connection


async def _people(settings: GatewaySettings, seed: str) -> dict[str, Line]:
    run = Provision("worlds", {}, {})
    async with open_desk(OperatorAccess.of(settings)) as desk:
        # Enrolled before anybody signs in: a session that is older than its password is none.
        with seeded_ids(seed.encode()), held_at(START):
            lines = await provision(desk, run, read_personas(PERSONAS))
    return {line["id"]: line for line in lines}


async def _copy_people(source: GatewaySettings, target: GatewaySettings) -> None:
    """As they stand, secrets hashed: hashing them again would take most of a second each."""
    async with (
        asyncpg.create_pool(source.database_url, min_size=1, max_size=1) as there,
        asyncpg.create_pool(target.database_url, min_size=1, max_size=1) as here,
    ):
        for table in ("access_partners", "access_accounts", "access_clients", "credentials"):
            rows = await there.fetch(f"select to_jsonb(t)::text as line from {table} t")  # noqa: S608
            await here.executemany(
                f"insert into {table} select * from jsonb_populate_record(null::{table}, $1::jsonb)",  # noqa: S608
                [(row["line"],) for row in rows],
            )


@asynccontextmanager
async def _served(app: ASGIApp, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())  # without its signal handlers
    try:
        async with asyncio.timeout(START_SECONDS):
            while not server.started:
                assert not serving.done(), serving
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        yield
    finally:
        server.should_exit = True
        await serving

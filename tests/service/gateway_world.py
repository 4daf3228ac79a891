"""A gateway that serves, with people and clients, in front of services that stand in."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import uvicorn
from fastapi import FastAPI

from deploy.local.layout import Layout
from deploy.local.state import free_port
from services.gateway.access.administration import operators_request, record_of
from services.gateway.access.opening import OperatorAccess, open_desk
from services.gateway.access.personas import Persona
from services.gateway.access.provision import Provision, provision
from services.gateway.app import create_app
from services.gateway.settings import GatewaySettings
from shared.ids import Kind
from shared.roles import Role
from tests.service.gateway_edge import Services, run_services
from tests.stack.nats import new_mission

POLICY_FILE = Path(__file__).parents[2] / "deploy/policy/mission.toml"
REQUEST_SECONDS = 15
START_SECONDS = 20


def persona(who: str, **more: Any) -> Persona:
    given: dict[str, Any] = {"id": who, "name": who.title(), "username": who}
    given |= {"organisation": f"{who}-home", "level": "confidential"}
    given |= {"communities": ("un",), "roles": (Role.PARTNER,)}
    return Persona(**(given | more))


PEOPLE = (
    persona("ann"),
    persona("ben", level="strictly_confidential", client_level="unclassified"),
    persona("loader", roles=(Role.LOADER,)),
    persona("witness", roles=(Role.PARTNER, Role.WITNESS)),
    persona("officer", roles=(Role.ACCESS_ADMINISTRATOR,)),
)


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": aiohttp.encode_basic_auth(client_id, secret)}


@dataclass(frozen=True)
class World:
    url: str
    services: Services
    people: Mapping[str, dict[str, Any]]
    http: aiohttp.ClientSession
    owner_url: str
    app: FastAPI
    server: uvicorn.Server

    async def token(self, name: str) -> str:
        line = self.people[name]
        headers = basic(line["client_id"], line["client_secret"])
        form = {"grant_type": "client_credentials"}
        async with self.http.post("/oauth/token", data=form, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            token: str = (await answer.json())["access_token"]
            return token

    async def bearer(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {await self.token(name)}"}

    async def sign_in(self, name: str, password: str | None = None) -> aiohttp.ClientResponse:
        line = self.people[name]
        form = {"username": line["username"], "password": password or line["password"]}
        return await self.http.post(
            "/sign-in", data=form | {"next": "/here"}, allow_redirects=False
        )

    async def stop(self) -> None:
        """In order, as an upgrade does."""
        self.server.should_exit = True
        async with asyncio.timeout(START_SECONDS):
            while any(each.is_serving() for each in self.server.servers):
                await asyncio.sleep(0.02)

    async def order(self, name: str, what: Any) -> None:
        """Carried out as the operator's: a command about a person's account, or about a client."""
        gateway = self.app.state.gateway
        mission = gateway.settings.mission
        desk, request = gateway.access, operators_request(gateway.policy, mission)
        if name in self.people:
            await desk.account(record_of(Kind.ACCOUNT, name, mission), what, request)
        else:
            await desk.client(record_of(Kind.CLIENT, name, mission), what, request)

    async def order_partner(self, organisation_id: str, what: Any) -> None:
        """As `order`, about an organisation that is let in."""
        gateway = self.app.state.gateway
        mission = gateway.settings.mission
        record_id = record_of(Kind.PARTNER, organisation_id, mission)
        await gateway.access.partner(record_id, what, operators_request(gateway.policy, mission))

    async def sql(self, statement: str, *arguments: Any) -> None:
        """As the database's owner."""
        connection = await asyncpg.connect(self.owner_url, timeout=5)
        try:
            await connection.execute(statement, *arguments)
        finally:
            await connection.close()


@asynccontextmanager
async def run_world(
    layout: Layout, fresh: Any, nats_url: str, *, pages: bool = False, **more: Any
) -> AsyncIterator[World]:
    """`fresh`: databases of gateway and keystore. Each world is a mission of its own on the bus.

    `more`: settings of the gateway.
    """
    public_key, mission = layout.secrets / "gateway.ed25519.pub", new_mission()
    async with run_services(public_key, mission) as services:
        settings = _settings(layout, fresh, nats_url, services, mission).model_copy(update=more)
        async with open_desk(OperatorAccess.of(settings)) as desk:
            lines = await provision(desk, Provision(mission, {}, {}), PEOPLE)
        people = {line["id"]: line for line in lines}
        timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
        app = create_app(settings, pages=pages)
        async with (
            _served(app, settings.port) as server,
            aiohttp.ClientSession(
                settings.public_url, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
            ) as http,
        ):
            owner = fresh.url("gateway", "owner")
            yield World(settings.public_url, services, people, http, owner, app, server)


@asynccontextmanager
async def run_replica(world: World, *, pages: bool = False, **more: Any) -> AsyncIterator[World]:
    """Another gateway on the same database, services and secrets, at an address of its own.

    `more`: settings of this one.
    """
    port = free_port()
    settings = world.app.state.gateway.settings.model_copy(update={"port": port} | more)
    app, url = create_app(settings, pages=pages), f"http://localhost:{port}"
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with (
        _served(app, port) as server,
        aiohttp.ClientSession(url, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        yield replace(world, url=url, http=http, app=app, server=server)


@asynccontextmanager
async def _served(app: FastAPI, port: int) -> AsyncIterator[uvicorn.Server]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())  # without its signal handlers
    try:
        async with asyncio.timeout(START_SECONDS):
            while not server.started:
                assert not serving.done(), serving
                await asyncio.sleep(0.02)
        yield server
    finally:
        server.should_exit = True
        await serving


def _settings(
    layout: Layout, fresh: Any, nats_url: str, services: Services, mission: str
) -> GatewaySettings:
    port = free_port()
    return GatewaySettings(
        service="gateway",
        mission=mission,
        site="hq",
        port=port,
        keystore_url=fresh.url("keystore", "gateway"),
        nats_url=nats_url,
        nats_seed_file=layout.secrets / "nats-gateway.seed",
        secrets_dir=layout.secrets,
        policy_file=POLICY_FILE,
        database_url=fresh.url("gateway", "app"),
        contacts_url=f"{services.url}/contacts",
        engagements_url=f"{services.url}/engagements",
        reporting_url=f"{services.url}/reporting",
        public_url=f"http://localhost:{port}",
    )

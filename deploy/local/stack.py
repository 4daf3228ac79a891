"""The whole installation as one object: servers, databases, services; up, and down again."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack

import aiohttp

from deploy.local import processes, services
from deploy.local.databases import Databases
from deploy.local.layout import SayError, Var
from deploy.local.nats import LocalNats
from deploy.local.postgres import LocalPostgres
from deploy.local.provision import known_passwords, provision
from deploy.local.secrets import make_secrets
from deploy.local.services import READY_SECONDS, SERVICES, Installation

PREFIX = "parley_"
SITE = "hq"
LOOK_SECONDS = 0.1
BACKOFF_SECONDS = (0.2, 0.5, 1, 2, 5)

Say = Callable[[str], None]


class Stack:
    """`async with Stack(...) as stack`: everything is ready inside, and gone after."""

    def __init__(self, var: Var, *, gateway_port: int, exercise: bool, say: Say) -> None:
        self.var = var
        self.exercise = exercise
        self.mission = "demo" if exercise else "main"
        self._port = gateway_port
        self._say = say
        self._exits = AsyncExitStack()
        self.installation: Installation
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Stack":
        self.var.make()
        make_secrets(self.var)
        try:
            await self._start()
        except BaseException:
            await self._exits.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exits.aclose()

    async def until_ready(self, *names: str) -> None:
        """Wait until these services (all, when none is named) say they are ready."""
        async with aiohttp.ClientSession() as session:
            for name in names or SERVICES:
                await self._until_ready(session, name)

    async def _start(self) -> None:
        self._say("Starting PostgreSQL and NATS")
        admin_url, nats_url = await asyncio.gather(self._postgres(), self._nats())
        databases = Databases(admin_url, PREFIX, known_passwords(self.var, PREFIX))
        self._say("Bringing the databases up to date")
        try:
            await provision(databases, self.mission, SITE, exercise=self.exercise)
        except ValueError as error:
            raise SayError(f"{error}. Use --fresh to start over.") from error
        self.installation = Installation(
            self.var, self.mission, SITE, databases, nats_url, self._port
        )
        self._say(f"Starting {', '.join(SERVICES)}")
        self._exits.push_async_callback(self._stop_services)
        for service in SERVICES:
            self.processes[service] = await services.start(self.installation, service)
        self._watch = asyncio.create_task(self._restart_the_dead())
        await self.until_ready()

    async def _postgres(self) -> str:
        if outside := os.environ.get("DATABASE_URL"):
            return outside
        server = LocalPostgres(self.var)
        self._exits.push_async_callback(server.stop)
        await server.start()
        return server.admin_url

    async def _nats(self) -> str:
        if outside := os.environ.get("NATS_URL"):
            return outside
        server = LocalNats(self.var, self.mission, SITE)
        self._exits.push_async_callback(server.stop)
        await server.start()
        return server.url

    async def _until_ready(self, session: aiohttp.ClientSession, service: str) -> None:
        try:
            async with asyncio.timeout(READY_SECONDS):
                while not await services.is_ready(session, self.installation, service):
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            log = self.var.log / f"{service}.log"
            raise SayError(f"{service} is not ready after {READY_SECONDS} s; see {log}.") from None
        self._say(f"  {service} is ready")

    async def _restart_the_dead(self) -> None:
        deaths = dict.fromkeys(SERVICES, 0)
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for service, process in list(self.processes.items()):
                if process.returncode is not None:
                    pause = BACKOFF_SECONDS[min(deaths[service], len(BACKOFF_SECONDS) - 1)]
                    deaths[service] = deaths[service] + 1 if process.returncode > 0 else 0
                    self._say(f"{service} ended ({process.returncode}); starting it again")
                    await asyncio.sleep(pause)
                    self.processes[service] = await services.start(self.installation, service)

    async def _stop_services(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        # The door first, so that nothing is taken in that could not be carried out.
        for service in reversed(self.processes):
            await processes.stop(self.processes[service], signal.SIGTERM)

"""The whole installation as one object: servers, databases, services; up, and down again in order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

from deploy.local.errors import LocalError
from deploy.local.keeping import Keeper, Say
from deploy.local.layout import Layout
from deploy.local.nats import Nats, users
from deploy.local.outside import database_url, databases_of, nats_ca_file, nats_url
from deploy.local.postgres import Postgres
from deploy.local.process import Program, clean_up
from deploy.local.provision import provision
from deploy.local.secrets import make_secrets
from deploy.local.services import Surroundings, is_ready, program
from deploy.local.state import SERVICES, State

READY_SECONDS = 90.0
LOOK_AGAIN_SECONDS = 0.1


@dataclass
class Stack:
    """`async with stack.started() as around`: everything is ready inside, and gone after.

    Whatever fails for good while it runs is raised from `failed`.
    """

    layout: Layout
    state: State
    say: Say
    failed: "asyncio.Future[None]" = field(init=False, repr=False)

    @asynccontextmanager
    async def servers(self) -> AsyncIterator[Surroundings]:
        """PostgreSQL and NATS, with databases made and migrated. Outside ones when so told."""
        self.failed = asyncio.get_running_loop().create_future()
        async with AsyncExitStack() as exits:
            self.say("Starting PostgreSQL and NATS")
            clean_up(self.layout)
            make_secrets(self.layout.secrets)
            admin_url, bus_url = await asyncio.gather(self._postgres(exits), self._nats(exits))
            databases = databases_of(self.layout, self.state, admin_url)
            self.say("Bringing the databases up to date")
            state = self.state
            await provision(databases, state.mission, state.site, exercise=state.exercise)
            yield Surroundings(self.layout, state, databases, bus_url, nats_ca_file())

    @asynccontextmanager
    async def services(self, around: Surroundings) -> AsyncIterator[None]:
        """All four, ready. On the way out the door closes first."""
        async with AsyncExitStack() as exits:
            self.say(f"Starting {', '.join(SERVICES)}")
            waits = [
                await self._keep(exits, program(around, name), self._until_ready(name))
                for name in SERVICES
            ]
            await asyncio.gather(*waits)
            yield

    async def _postgres(self, exits: AsyncExitStack) -> str:
        if outside := database_url():
            return outside
        server = Postgres(self.layout, self.state.ports["postgres"])
        made = await asyncio.to_thread(server.program)
        await (await self._keep(exits, made, server.until_ready()))
        return server.admin_url

    async def _nats(self, exits: AsyncExitStack) -> str:
        if outside := nats_url():
            return outside
        server = Nats(self.layout, self.state.ports["nats"])
        configured = server.program(users(self.layout, self.state))
        await (await self._keep(exits, configured, server.until_ready()))
        return server.url

    async def _keep(
        self, exits: AsyncExitStack, what: Program, ready: Awaitable[None]
    ) -> Awaitable[None]:
        """Starts it now; await what comes back to know it is ready."""
        keeper = Keeper(what, self.layout, self.say)
        task = asyncio.create_task(keeper.run())
        exits.push_async_callback(_ended, task)
        task.add_done_callback(self._note)
        return self._ready_or_failed(keeper, task, ready)

    async def _ready_or_failed(
        self, keeper: Keeper, task: "asyncio.Task[None]", ready: Awaitable[None]
    ) -> None:
        waiting = asyncio.ensure_future(ready)
        try:
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
            waiting.result()
        except TimeoutError as late:
            log = self.layout.log(keeper.program.name)
            raise LocalError(f"{keeper.program.name} does not get ready; see {log}") from late
        finally:
            waiting.cancel()
        keeper.was_ready = True
        self.say(f"  {keeper.program.name} is ready")

    async def _until_ready(self, service: str) -> None:
        async with asyncio.timeout(READY_SECONDS):
            while not await is_ready(self.state.ports[service]):
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    def _note(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled() or self.failed.done():
            return
        if error := task.exception():
            self.failed.set_exception(error)
            self.failed.exception()  # seen: it may never be asked for


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, LocalError):
        await task

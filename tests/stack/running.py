"""Starting the shared servers: fast ones, for nothing here must outlive the run."""

import asyncio
from concurrent.futures import Future
from contextlib import suppress

from deploy.local.databases import Databases, all_logins
from deploy.local.keeping import Keeper
from deploy.local.layout import Layout
from deploy.local.nats import Nats, users
from deploy.local.postgres import Postgres
from deploy.local.process import Program
from deploy.local.provision import provision
from deploy.local.secrets import passwords
from deploy.local.state import State, free_port
from tests.stack.nats import TestNats
from tests.stack.postgres import TestPostgres

Settings = tuple[tuple[str, str], ...]
FAST: Settings = (("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off"))
PREFIX = "parley_"
MISSION, SITE = "test", "hq"


async def run_postgres(
    layout: Layout,
    stop: asyncio.Event,
    made: "Future[TestPostgres]",
    settings: Settings = FAST,
) -> None:
    """Started again whenever it is killed; with other `settings` what it has committed is then there."""
    server = Postgres(layout, free_port(), settings)
    keeper = Keeper(server.program(), layout, print)
    keeping = asyncio.create_task(keeper.run())
    try:
        await server.until_ready()
        keeper.was_ready = True
        template = Databases(
            server.admin_url, PREFIX, passwords(layout.secrets, all_logins(PREFIX))
        )
        await provision(template, MISSION, SITE, exercise=True)
        made.set_result(TestPostgres(template))
        await stop.wait()
    finally:
        await _end(keeping)


async def run_nats(layout: Layout, stop: asyncio.Event, made: "Future[TestNats]") -> None:
    """Open to everyone."""
    server = Nats(layout, free_port())
    keeping = _keep(server.program({}), layout)
    try:
        await server.until_ready()
        made.set_result(TestNats(server.url))
        await stop.wait()
    finally:
        await _end(keeping)


async def run_nats_with_users(
    layout: Layout, home: tuple[str, str], stop: asyncio.Event, made: "Future[str]"
) -> None:
    """With an installation's users at `home` (mission and site); gives its address."""
    guarded = Layout(layout.var / "guarded")
    guarded.make()
    server = Nats(guarded, free_port())
    state = State(*home, exercise=True, prefix=PREFIX, ports={})
    keeping = _keep(server.program(users(layout, state)), guarded)
    try:
        await server.until_ready()
        made.set_result(server.url)
        await stop.wait()
    finally:
        await _end(keeping)


def _keep(program: Program, layout: Layout) -> "asyncio.Task[None]":
    return asyncio.create_task(Keeper(program, layout, print).run())


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

"""Servers in a folder of their own; gone when the block ends."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from deploy.local.databases import Databases, all_logins
from deploy.local.keeping import Keeper
from deploy.local.layout import PASSABLE, Layout
from deploy.local.nats import Nats
from deploy.local.postgres import Postgres
from deploy.local.provision import provision
from deploy.local.secrets import make_secrets, passwords
from deploy.local.state import free_port

PREFIX = "bench_"
MISSION, SITE = "bench", "hq"


@asynccontextmanager
async def throwaway_databases() -> AsyncIterator[tuple[Layout, Databases]]:
    """Migrated and empty, and the folder with their secrets."""
    layout = _layout()
    server = Postgres(layout, free_port())
    keeping = asyncio.create_task(Keeper(server.program(), layout, print).run())
    try:
        await server.until_ready()
        logins = passwords(layout.secrets, all_logins(PREFIX))
        databases = Databases(server.admin_url, PREFIX, logins)
        await provision(databases, MISSION, SITE, exercise=True)
        yield layout, databases
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        shutil.rmtree(layout.var.parent, ignore_errors=True)


@asynccontextmanager
async def throwaway_bus(layout: Layout, *, sync_always: bool = False) -> AsyncIterator[str]:
    """The address of a NATS server open to everyone on this machine."""
    server = Nats(layout, free_port(), sync_always=sync_always)
    keeping = asyncio.create_task(Keeper(server.program({}), layout, print).run())
    try:
        await server.until_ready()
        yield server.url
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


def _layout() -> Layout:
    """A folder that PostgreSQL's user may enter even when this runs as root."""
    folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
    folder.chmod(PASSABLE)
    layout = Layout(folder / "var")
    layout.make()
    make_secrets(layout.secrets)
    return layout

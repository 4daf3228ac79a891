"""A PostgreSQL with nothing in it, as an operator's own server is before anything is made there."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import partial

from deploy.local.keeping import Keeper
from deploy.local.layout import Layout
from deploy.local.postgres import Postgres
from deploy.local.secrets import make_secrets
from deploy.local.state import free_port
from tests.stack.servers import in_background, temporary_layout


@contextmanager
def bare_postgres() -> Iterator[str]:
    """Its administrator's address."""
    with temporary_layout() as layout:
        make_secrets(layout.secrets)
        with in_background(partial(_run, layout)) as address:
            yield address


async def _run(layout: Layout, stop: asyncio.Event, made: "Future[str]") -> None:
    server = Postgres(layout, free_port())
    keeping = asyncio.create_task(Keeper(server.program(), layout, print).run())
    try:
        await server.until_ready()
        made.set_result(server.admin_url)
        await stop.wait()
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping

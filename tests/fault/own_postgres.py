"""A PostgreSQL of one test's own, which it may kill: what was committed is there when it comes back."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import asyncpg

from deploy.local.layout import Layout
from deploy.local.process import pid_of
from deploy.local.secrets import make_secrets
from tests.stack.postgres import TestPostgres
from tests.stack.running import run_postgres
from tests.stack.servers import in_background, temporary_layout

SECONDS = 60
LOOK_AGAIN_SECONDS = 0.02
# Survives the death of its processes, which is what is tested; not that of the machine.
DURABLE = (("fsync", "off"),)
WAITING = """
select pid from pg_stat_activity where datname = $1 and wait_event = $2 and state = 'active'
"""
# Of whichever process is killed, the server starts this one anew, too.
STARTED = "select backend_start::text from pg_stat_activity where backend_type = 'checkpointer'"


@dataclass(frozen=True)
class OwnPostgres:
    server: TestPostgres
    layout: Layout

    async def ask(self, statement: str, *values: object) -> object:
        """As the administrator, whenever it answers."""
        async with asyncio.timeout(SECONDS):
            while True:
                try:
                    return await self._ask(statement, *values)
                except (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError):
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def waiting_for(self, event: str, database: str) -> int:
        """The process that waits for `event` in the midst of a statement, once there is one."""
        async with asyncio.timeout(SECONDS):
            while (pid := await self.ask(WAITING, database, event)) is None:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        assert isinstance(pid, int)
        return pid

    async def kill(self, pid: int | None = None) -> None:
        """One of its processes, or the server's first; until it has started anew."""
        before = await self.ask(STARTED)
        os.kill(pid or pid_of(self.layout, "postgres"), signal.SIGKILL)
        async with asyncio.timeout(SECONDS):
            while await self.ask(STARTED) == before:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _ask(self, statement: str, *values: object) -> object:
        connection = await asyncpg.connect(self.server.admin_url, timeout=SECONDS)
        try:
            return await connection.fetchval(statement, *values, timeout=SECONDS)
        finally:
            await connection.close()


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    with temporary_layout() as layout:
        make_secrets(layout.secrets)
        run = partial(run_postgres, layout, settings=DURABLE)
        with in_background(run) as server:
            yield OwnPostgres(server, layout)

"""Fault: a task that a service runs beside its requests fails for good. Promise: the process ends, so that it
is started again, instead of answering on while nothing is carried on. (What contacts and engagements run
there tries again itself, and tells health meanwhile.)"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.stack.installation import Installation

SECONDS = 60
LOOK_AGAIN_SECONDS = 0.05
STATEMENT_SECONDS = 10
# Database and table without which the work of a service cannot go on: it is looked into all the time.
NEEDED = {
    "gateway": ("gateway", "events"),
    "reporting": ("reporting_read", "leases"),
}


@pytest.mark.parametrize("service", NEEDED)
async def test_a_service_whose_work_fails_ends_and_is_started_again(
    killable: Installation, service: str
) -> None:
    failing = killable.pid(service)
    async with _without(killable, *NEEDED[service]), asyncio.timeout(SECONDS):
        while killable.pid(service) == failing:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
    await killable.until_ready(service)


@asynccontextmanager
async def _without(running: Installation, database: str, table: str) -> AsyncIterator[None]:
    owner = await asyncpg.connect(
        running.databases.url(database, "owner"), command_timeout=STATEMENT_SECONDS
    )
    try:
        await owner.execute(f"alter table {table} rename to {table}_away")
        yield
    finally:
        await owner.execute(f"alter table {table}_away rename to {table}")
        await owner.close()

"""Fault: a service is killed amid a removal. Promise: it is finished after the restart (I15)."""

import asyncio
import signal
from collections.abc import Iterator

import asyncpg
import psutil
import pytest

from tests.fault.test_a_backup_is_restored import erased_by, made_person, two, until_removed
from tests.stack.installation import Installation, started_installation

LOOK_AGAIN_SECONDS = 0.02
NOTICED_SECONDS = 30


@pytest.fixture(scope="module")
def running() -> Iterator[Installation]:
    with started_installation() as installation:
        yield installation


@pytest.mark.parametrize("service", ["contacts", "engagements", "reporting", "postgres", "nats"])
async def test_a_removal_is_finished_whoever_is_killed_in_its_midst(
    running: Installation, service: str
) -> None:
    async with two(running) as (officer, approver):
        person = await made_person(officer, f"Invented {service}")
        await erased_by(officer, approver, person)
        killed = running.pid(service)
        psutil.Process(killed).send_signal(signal.SIGKILL)
        await _until_another(running, service, killed)
        await running.until_ready()
        await until_removed(officer, person)
    assert await _keys_left(running, person) == []


async def _until_another(running: Installation, service: str, killed: int) -> None:
    async with asyncio.timeout(NOTICED_SECONDS):
        while running.pid(service) == killed:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _keys_left(running: Installation, person: str) -> list[str]:
    """Services whose key store still holds its key, or a copy of it."""
    left = []
    for service in ("contacts", "engagements"):
        connection = await asyncpg.connect(running.databases.url("keystore", service))
        try:
            scrubbed = await connection.fetchval(
                f"select scrubbed_at from {service}.keys where subject = $1 and wrapped is null",  # noqa: S608 - ours
                person,
            )
        finally:
            await connection.close()
        if scrubbed is None:
            left.append(service)
    return left

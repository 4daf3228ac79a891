"""Fault: a service is killed amid a removal. Promise: it is finished after the restart (I15)."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.e2e.partner import Partner
from tests.fault.installed.test_a_backup_is_restored import (
    erased_by,
    made_person,
    two,
    until_removed,
)
from tests.stack.installation import Installation


@pytest.fixture(scope="module")
async def both(killable: Installation) -> AsyncIterator[tuple[Partner, Partner]]:
    async with two(killable) as officer_and_approver:
        yield officer_and_approver


@pytest.mark.parametrize("service", ["contacts", "engagements", "reporting", "postgres", "nats"])
async def test_a_removal_is_finished_whoever_is_killed_in_its_midst(
    killable: Installation, both: tuple[Partner, Partner], service: str
) -> None:
    officer, approver = both
    person = await made_person(officer, f"Invented {service}")
    await erased_by(officer, approver, person)
    await killable.kill(service)
    await killable.until_ready()
    await until_removed(officer, person)
    assert await _keys_left(killable, person) == []


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

"""A database that is away for a moment is no partition that cannot be made."""

import asyncio
from typing import Any, cast

import asyncpg
import pytest

from shared.eventstore import partitions
from shared.eventstore.partitions import NoPartitionAheadError, Partitions


class Answering:
    """A pool that answers one question after the other with these; then it hangs."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.all_asked = asyncio.Event()

    async def fetchval(self, *_: Any, **__: Any) -> None:
        if not self.answers:
            self.all_asked.set()
            await asyncio.Event().wait()
        if (answer := self.answers.pop(0)) is not None:
            raise answer


@pytest.fixture
async def watched(monkeypatch: pytest.MonkeyPatch):
    """Starts watching with these answers, and comes back when all were given."""
    monkeypatch.setattr(partitions, "AGAIN_SECONDS", 0.0)
    running: list[asyncio.Task[None]] = []

    async def start(*answers: Exception | None) -> Partitions:
        pool = Answering(*answers)
        one = Partitions(cast("Any", pool), every_seconds=0.0)
        running.append(asyncio.create_task(one.run()))
        async with asyncio.timeout(10):
            await pool.all_asked.wait()
        return one

    yield start
    for task in running:
        task.cancel()


async def test_health_stays_good_while_the_database_is_away(watched) -> None:
    await (await watched(None, ConnectionResetError(), TimeoutError())).check()


async def test_health_says_what_keeps_a_partition_from_being_made(watched) -> None:
    with pytest.raises(NoPartitionAheadError, match="InsufficientPrivilegeError"):
        await (await watched(asyncpg.InsufficientPrivilegeError("no"))).check()


async def test_health_is_good_again_once_it_is_made(watched) -> None:
    await (await watched(asyncpg.InsufficientPrivilegeError("no"), None)).check()


async def test_what_was_wrong_is_still_told_while_the_database_is_away(watched) -> None:
    with pytest.raises(NoPartitionAheadError):
        await (await watched(asyncpg.InsufficientPrivilegeError("no"), OSError())).check()

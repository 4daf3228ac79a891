"""Whoever would wait too long to be appended is told so at once, and whoever came before is served."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.clock import utc_now
from shared.eventstore.appender import BATCH_APPENDS, LOOKED_AT, Appender, Verdict
from shared.eventstore.batch import Prepared
from shared.eventstore.errors import QueueFullError
from shared.eventstore.model import Appended
from shared.eventstore.pace import Pace
from tests.stack.events import an_append

SLOW_SECONDS = 10.0


def test_a_newcomer_waits_for_all_before_him() -> None:
    pace = Pace()
    assert pace.wait_seconds(1_000, 5.0) == 0
    pace.begins(100, 0.0)
    pace.ends(100, 1.0)
    assert pace.wait_seconds(50, 2.0) == pytest.approx(0.5)
    pace.begins(100, 2.0)
    assert pace.wait_seconds(50, 2.1) == pytest.approx(1.5)


def test_a_batch_that_does_not_come_back_counts_as_long_as_it_is_away() -> None:
    pace = Pace()
    pace.begins(1, 0.0)
    assert pace.wait_seconds(0, SLOW_SECONDS) == SLOW_SECONDS


def test_a_slow_batch_is_forgotten_as_faster_ones_follow() -> None:
    pace = Pace()
    for took in (SLOW_SECONDS, *[0.001] * 40):
        pace.begins(1, 0.0)
        pace.ends(1, took)
    assert pace.wait_seconds(100, 0.0) < 1


class Database:
    """Answers a batch once it may."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.batches: list[int] = []

    async def send(self, batch: Sequence[Prepared]) -> list[Verdict]:
        await self.may.wait()
        self.batches.append(len(batch))
        return [("appended", Appended(1, 1, 1, utc_now())) for _ in batch]


async def test_beyond_one_batch_nobody_queues_for_longer_than_promised() -> None:
    pace, database = Pace(), Database()
    pace.begins(1, 0.0)
    pace.ends(1, SLOW_SECONDS)
    appender = Appender(database.send, pace)
    queued = [asyncio.create_task(appender.append(an_append())) for _ in range(BATCH_APPENDS)]
    await asyncio.sleep(0)
    with pytest.raises(QueueFullError):
        await appender.append(an_append())
    database.may.set()
    assert [verdict for verdict, _ in await asyncio.gather(*queued)] == ["appended"] * BATCH_APPENDS


async def test_a_busy_stream_does_not_keep_others_from_their_batch() -> None:
    database = Database()
    appender = Appender(database.send)
    busy = [
        asyncio.create_task(appender.append(an_append("test_busy"))) for _ in range(LOOKED_AT - 1)
    ]
    other = asyncio.create_task(appender.append(an_append()))
    database.may.set()
    await other
    assert 2 in database.batches
    for task in busy:
        task.cancel()
    await asyncio.gather(*busy, return_exceptions=True)
    await appender.close()

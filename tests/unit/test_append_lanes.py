"""Two batches may be under way at once; who is asked twice, or comes as a lane closes, loses nothing."""

import asyncio
from collections.abc import Sequence

from shared.clock import utc_now
from shared.eventstore.appender import WORTH_A_LANE, Appender, Verdict
from shared.eventstore.batch import Prepared
from shared.eventstore.model import Appended
from tests.stack.events import an_append

ROUNDS = 50
SECONDS = 10


class Database:
    """Keeps batches until it is told to answer; says what it was sent."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.asked = asyncio.Event()
        self.batches: list[list[str]] = []

    async def send(self, batch: Sequence[Prepared]) -> list[Verdict]:
        self.batches.append([prepared.append.stream_id for prepared in batch])
        self.asked.set()
        await self.may.wait()
        return [("appended", Appended(1, 1, 1, utc_now())) for _ in batch]


async def test_many_at_once_travel_in_two_batches_of_one_size() -> None:
    database = Database()
    appender = Appender(database.send)
    callers = [asyncio.create_task(appender.append(an_append())) for _ in range(2 * WORTH_A_LANE)]
    await _sent(database, 2)
    assert [len(batch) for batch in database.batches] == [WORTH_A_LANE, WORTH_A_LANE]
    database.may.set()
    await asyncio.gather(*callers)


async def test_few_wait_for_the_batch_in_flight() -> None:
    database = Database()
    appender = Appender(database.send)
    first = asyncio.create_task(appender.append(an_append()))
    await _sent(database, 1)
    few = [asyncio.create_task(appender.append(an_append())) for _ in range(WORTH_A_LANE - 1)]
    database.may.set()
    await asyncio.gather(first, *few)
    assert [len(batch) for batch in database.batches] == [1, WORTH_A_LANE - 1]


async def test_a_stream_that_is_under_way_waits_for_its_outcome() -> None:
    database = Database()
    appender = Appender(database.send)
    first = asyncio.create_task(appender.append(an_append("test_busy")))
    await _sent(database, 1)
    again = asyncio.create_task(appender.append(an_append("test_busy", expected=1)))
    others = [asyncio.create_task(appender.append(an_append())) for _ in range(WORTH_A_LANE)]
    await _sent(database, 2)
    assert "test_busy" not in database.batches[1]
    database.may.set()
    await asyncio.gather(first, again, *others)
    assert database.batches[2] == ["test_busy"]


async def test_whoever_comes_just_as_a_lane_closes_is_carried() -> None:
    database = Database()
    database.may.set()
    appender = Appender(database.send)

    async def one_after_the_other() -> None:
        for _ in range(ROUNDS):
            await appender.append(an_append())

    async with asyncio.timeout(SECONDS):
        await asyncio.gather(*(one_after_the_other() for _ in range(WORTH_A_LANE // 2)))
        await appender.close()
    assert sum(map(len, database.batches)) == ROUNDS * (WORTH_A_LANE // 2)


async def _sent(database: Database, count: int) -> None:
    async with asyncio.timeout(SECONDS):
        while len(database.batches) < count:
            database.asked.clear()
            await database.asked.wait()

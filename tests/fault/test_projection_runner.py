"""One projection under faults: killed between write and commit, two at once, an event missing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from nats.aio.client import Client

from shared.bus import Address, to_headers
from shared.consumer import Consumer, Pace
from shared.database import Pool, open_pool
from shared.eventstore.model import Recorded
from shared.eventstore.store import EventStore
from shared.parking import Parking, Place
from shared.projection import Checkpoint, Write
from shared.projection_runner import MissingError, Runner
from shared.relay import Relay
from tests.service.conftest import CONDITION_SECONDS, LOOK_AGAIN_SECONDS, running, until
from tests.stack.events import an_append

QUICK = Pace(silence_seconds=0.1, rest_seconds=0.01)
PLACE = Place("noting", "noting", "contacts")


class KilledError(BaseException):
    """Where the process ended."""


@dataclass
class Noting:
    """Writes the position of each event into a table; fails at `poison`, is killed at `killed_at`."""

    name: str = PLACE.projection
    family: str = PLACE.family
    poison: set[int] = field(default_factory=set)
    killed_at: set[int] = field(default_factory=set)

    async def prepare(self, connection: Any, events: Sequence[Recorded]) -> Write:
        positions = [event.position for event in events]
        if self.poison & set(positions):
            raise ValueError("poison")

        async def write(within: Any) -> None:
            rows = [(PLACE.source, position) for position in positions]
            await within.executemany(
                "insert into change_floors values ($1 || $2::bigint, $2)", rows
            )
            if self.killed_at & set(positions):
                raise KilledError

        return write


@dataclass(frozen=True)
class Bench:
    pool: Pool
    store: EventStore
    client: Client
    address: Address

    def runner(self, noting: Noting) -> Runner:
        consumer = Consumer(self.client, self.address, QUICK)
        return Runner(self.pool, noting, PLACE.source, consumer, _nobody_waits)

    async def append(self, count: int) -> None:
        await asyncio.gather(*(self.store.append(an_append()) for _ in range(count)))

    async def noted(self) -> list[int]:
        rows = await self.pool.fetch("select position from change_floors order by position")
        return [row["position"] for row in rows]

    async def until_noted(self, wanted: list[int]) -> None:
        async with asyncio.timeout(CONDITION_SECONDS):
            while await self.noted() != wanted:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def lose(self, position: int) -> None:
        """Of the stream, as no relay would let it be. Checkpoint and notes go back to before it."""
        js = self.client.jetstream()
        await js.delete_stream(self.address.stream)
        await js.add_stream(name=self.address.stream, subjects=[self.address.subjects])
        for event in await self.store.read_all(0, 100):
            subject, headers = self.address.subject(event.type), to_headers(event, "test")
            await js.publish(subject, event.data, headers=headers)
        await js.delete_msg(self.address.stream, position)
        await self.pool.execute("update checkpoints set position = $1", position - 1)
        await self.pool.execute("delete from change_floors where position >= $1", position)


async def _nobody_waits(source: str, checkpoint: Checkpoint) -> None:
    pass


@pytest.fixture
async def bench(
    postgres, store: EventStore, client: Client, address: Address
) -> AsyncIterator[Bench]:
    fresh = await postgres.fresh("reporting_read")
    async with open_pool(fresh.url("reporting_read", "projector"), connections=4) as pool:
        yield Bench(pool, store, client, address)


async def test_a_projector_killed_between_write_and_commit_leaves_nothing_and_the_next_writes_once(
    bench: Bench,
) -> None:
    await bench.append(3)
    async with running(Relay(bench.store, bench.client, bench.address).run()):
        with pytest.raises(KilledError):
            await bench.runner(Noting(killed_at={2, 3})).run()
        left = await bench.noted()
        async with running(bench.runner(Noting()).run()):
            await bench.until_noted([1, 2, 3])
    assert left in ([], [1])


async def test_two_projectors_at_once_write_every_event_once(bench: Bench) -> None:
    runners = [bench.runner(Noting()) for _ in range(2)]
    relay = Relay(bench.store, bench.client, bench.address)
    async with running(relay.run(), *(runner.run() for runner in runners)):
        await asyncio.gather(*(bench.append(5) for _ in range(20)))
        await bench.until_noted(list(range(1, 101)))
    assert [runner.parked for runner in runners] == [None, None]


async def test_a_parked_projection_tries_again_when_it_is_told_to(bench: Bench) -> None:
    await bench.append(3)
    noting = Noting(poison={2})
    runner = bench.runner(noting)
    async with running(Relay(bench.store, bench.client, bench.address).run(), runner.run()):
        await until(lambda: runner.parked is not None)
        assert await bench.noted() == [1]
        noting.poison.clear()
        assert await Parking(bench.pool, PLACE).resume()
        await bench.until_noted([1, 2, 3])
    assert runner.parked is None


async def test_a_parked_projection_tries_again_when_its_process_starts_anew(bench: Bench) -> None:
    await bench.append(2)
    async with running(Relay(bench.store, bench.client, bench.address).run()):
        first = bench.runner(Noting(poison={2}))
        async with running(first.run()):
            await until(lambda: first.parked is not None)
        second = bench.runner(Noting())
        async with running(second.run()):
            await until(lambda: second.checkpoint.position == 2 and second.parked is None)
    assert await Parking(bench.pool, PLACE).find() is None


async def test_a_projection_waits_for_an_event_the_stream_lost_and_goes_on_once_it_is_healed(
    bench: Bench,
) -> None:
    await bench.append(4)
    relay = Relay(bench.store, bench.client, bench.address)
    async with running(relay.run(), bench.runner(Noting()).run()):
        await bench.until_noted([1, 2, 3, 4])
    await bench.lose(2)
    runner = bench.runner(Noting())
    async with running(runner.run()):
        await until(lambda: runner._missing_since is not None)
        with pytest.raises(MissingError, match="before position 2, which the stream does not hold"):
            await runner.check()
        await bench.client.jetstream().delete_stream(bench.address.stream)
        async with running(Relay(bench.store, bench.client, bench.address).run()):
            await bench.until_noted([1, 2, 3, 4])
            await until(lambda: runner._missing_since is None)
    assert await Parking(bench.pool, PLACE).find() is None


async def test_what_the_stream_never_gets_back_is_called_parked_after_a_while(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.projection_runner.GAP_SECONDS", 0.1)
    await bench.append(3)
    relay = Relay(bench.store, bench.client, bench.address)
    async with running(relay.run(), bench.runner(Noting()).run()):
        await bench.until_noted([1, 2, 3])
    await bench.lose(2)
    runner = bench.runner(Noting())
    async with running(runner.run()):
        await until(lambda: runner.parked is not None)
    parked = await Parking(bench.pool, PLACE).find()
    assert parked
    assert (parked.position, parked.event_type) == (2, "")

"""From the store to the stream and back out, in order, whatever happens between."""

import asyncio

import pytest
from nats.aio.client import Client
from nats.js.api import StreamConfig
from nats.js.errors import NotFoundError

from shared.bus import Address, to_headers
from shared.consumer import Consumer
from shared.database import open_pool
from shared.eventstore.model import Recorded, hash_of
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_stream
from shared.leases import Lease
from shared.relay import POLL_SECONDS, HaltedError, Relay, StuckError
from shared.stream import MUST_BE, DriftedError, Shape, ensure_stream
from tests.service.conftest import (
    CONDITION_SECONDS,
    LOOK_AGAIN_SECONDS,
    StoreAddress,
    running,
    until,
)
from tests.stack.events import an_append, an_event_at
from tests.stack.nats import new_mission

MANY = 1_200
ROUNDS = 20
TAKEN_OVER_SECONDS = 10


class Collected:
    """A handler that keeps what it is given."""

    def __init__(self) -> None:
        self.events: list[Recorded] = []

    async def __call__(self, events: list[Recorded]) -> None:
        self.events += events


async def _appended(store: EventStore, count: int) -> list[Recorded]:
    before = (await store.head()).position
    await asyncio.gather(*(store.append(an_append()) for _ in range(count)))
    return await store.read_all(before, count)


async def test_the_streams_sequence_is_the_position(
    store: EventStore, client: Client, address: Address
) -> None:
    events = await _appended(store, MANY)
    collected = Collected()
    async with running(
        Relay(store, client, address).run(), Consumer(client, address).run(0, collected)
    ):
        await until(lambda: len(collected.events) == MANY)
    assert collected.events == events
    assert await verify_stream(store, client.jetstream(), address, lambda _: None) == []


async def test_a_relay_far_behind_publishes_in_batches_that_are_fenced_like_single_events(
    store: EventStore, client: Client, address: Address
) -> None:
    events = await _appended(store, MANY)
    collected = Collected()
    shape = Shape(batches=True)
    relays = [Relay(store, client, address, shape=shape) for _ in range(2)]
    async with running(
        *(relay.run() for relay in relays), Consumer(client, address).run(0, collected)
    ):
        await until(lambda: len(collected.events) == MANY)
    assert collected.events == events
    assert [relay.halt for relay in relays] == [None, None]
    assert await verify_stream(store, client.jetstream(), address, lambda _: None) == []


async def test_every_hashed_byte_travels_with_the_message(
    store: EventStore, client: Client, address: Address
) -> None:
    await _appended(store, 3)
    collected = Collected()
    async with running(
        Relay(store, client, address).run(), Consumer(client, address).run(0, collected)
    ):
        await until(lambda: len(collected.events) == 3)
    assert all(event.hash == hash_of(event) for event in collected.events)


async def test_two_relays_at_once_change_nothing(
    store: EventStore, client: Client, address: Address
) -> None:
    collected = Collected()
    relays = [Relay(store, client, address) for _ in range(2)]
    async with running(
        *(relay.run() for relay in relays), Consumer(client, address).run(0, collected)
    ):
        events = await _appended(store, MANY)
        await until(lambda: len(collected.events) >= MANY)
    assert collected.events == events
    assert [relay.halt for relay in relays] == [None, None]


async def test_a_relay_that_died_goes_on_where_the_stream_ends(
    store: EventStore, client: Client, address: Address
) -> None:
    collected = Collected()
    async with running(Consumer(client, address).run(0, collected)):
        async with running(Relay(store, client, address).run()):
            first = await _appended(store, 10)
            await until(lambda: len(collected.events) == 10)
        second = await _appended(store, 10)
        async with running(Relay(store, client, address).run()):
            await until(lambda: len(collected.events) == 20)
    assert collected.events == first + second


async def test_a_deleted_stream_is_filled_again(
    store: EventStore, client: Client, address: Address
) -> None:
    events = await _appended(store, 10)
    js = client.jetstream()
    async with running(Relay(store, client, address).run()):
        await until_stream_has(js, address, 10)
    await js.delete_stream(address.stream)
    collected = Collected()
    async with running(
        Relay(store, client, address).run(), Consumer(client, address).run(0, collected)
    ):
        await until(lambda: len(collected.events) == 10)
    assert collected.events == events


async def test_a_stream_ahead_of_the_store_halts_the_relay(
    store: EventStore, client: Client, address: Address
) -> None:
    js = client.jetstream()
    await ensure_stream(js, address)
    await _published(js, address, an_event_at(1))
    relay = Relay(store, client, address)
    async with running(relay.run()):
        await until(lambda: relay.halt is not None)
    assert str(relay.halt) == "the stream is at 1, ahead of the store at 0"


async def test_one_of_two_replicas_relays_and_the_other_takes_over(
    store_address: StoreAddress, store: EventStore, client: Client, address: Address
) -> None:
    async with open_pool(store_address.app, connections=2) as pool:
        first, second = (
            Relay(store, client, address, lease=Lease(pool, "relay")) for _ in range(2)
        )
        async with running(second.run()):
            await until(lambda: second.leads)
            async with running(first.run()):
                await _appended(store, 5)
                await until(lambda: first.relayed == second.relayed == 5)
                assert first.state == "standby"
        async with running(first.run()), asyncio.timeout(TAKEN_OVER_SECONDS):
            await _appended(store, 5)
            await until(lambda: first.relayed == 10)


@pytest.mark.parametrize(
    "drift",
    [
        {"max_msgs": 5},
        {"max_age": 60.0},
        {"max_msg_size": 1_000},
        {"deny_purge": False},
        {"allow_rollup_hdrs": True, "deny_purge": False},
        {"allow_msg_ttl": True},
        {"no_ack": True},
        {"subjects": [f"{new_mission()}.>"]},
    ],
    ids=lambda drift: next(iter(drift)),
)
async def test_a_drifted_stream_is_refused(client: Client, address: Address, drift) -> None:
    js = client.jetstream()
    right = {"name": address.stream, "subjects": [address.subjects], **MUST_BE}
    await js.add_stream(StreamConfig(**right | drift))
    with pytest.raises(DriftedError, match=next(iter(drift))):
        await ensure_stream(js, address)


async def test_an_append_is_relayed_at_once_and_not_at_the_next_look(
    store: EventStore, client: Client, address: Address
) -> None:
    relay = Relay(store, client, address)
    async with running(relay.run()), asyncio.timeout(ROUNDS * POLL_SECONDS / 2):
        for position in range(1, ROUNDS + 1):
            await store.append(an_append())
            await until(lambda position=position: relay.relayed == position)
    assert await relay.lag() == 0


async def test_a_relay_whose_database_is_away_is_not_well(
    store_address: StoreAddress, client: Client, address: Address
) -> None:
    async with open_store(store_address.app) as closed:
        relay = Relay(closed, client, address, stuck_seconds=0)
    async with running(relay.run()):
        await until(lambda: relay.state == "failing")
        with pytest.raises(StuckError):
            await relay.check()


async def test_a_relay_that_halted_is_not_well(
    store: EventStore, client: Client, address: Address
) -> None:
    js = client.jetstream()
    await js.add_stream(
        StreamConfig(name=address.stream, subjects=[f"{address.mission}.elsewhere"], **MUST_BE)
    )
    relay = Relay(store, client, address)
    async with running(relay.run()):
        await until(lambda: relay.halt is not None)
    with pytest.raises(HaltedError, match="drifted in: subjects"):
        await relay.check()


async def test_what_the_handler_raises_reaches_whoever_runs_the_consumer(
    store: EventStore, client: Client, address: Address
) -> None:
    async def handle(events: list[Recorded]) -> None:
        raise TimeoutError("the handler's own")

    await _appended(store, 1)
    async with running(Relay(store, client, address).run()):
        with pytest.raises(TimeoutError, match="the handler's own"):
            await Consumer(client, address).run(0, handle)


async def test_a_consumer_begins_after_its_checkpoint(
    store: EventStore, client: Client, address: Address
) -> None:
    events = await _appended(store, 10)
    collected = Collected()
    async with running(
        Relay(store, client, address).run(), Consumer(client, address).run(4, collected)
    ):
        await until(lambda: len(collected.events) == 6)
    assert collected.events == events[4:]


async def test_a_consumer_whose_server_side_was_deleted_starts_again(
    store: EventStore, client: Client, address: Address
) -> None:
    collected = Collected()
    js = client.jetstream()
    async with running(
        Relay(store, client, address).run(), Consumer(client, address).run(0, collected)
    ):
        first = await _appended(store, 5)
        await until(lambda: len(collected.events) == 5)
        for consumer in await js.consumers_info(address.stream):
            await js.delete_consumer(address.stream, consumer.name)
        second = await _appended(store, 5)
        await until(lambda: len(collected.events) == 10)
    assert collected.events == first + second


async def _published(js, address: Address, event: Recorded) -> None:
    await js.publish(
        address.subject(event.type), event.data, headers=to_headers(event, address.source)
    )


async def until_stream_has(js, address: Address, count: int) -> None:
    async with asyncio.timeout(CONDITION_SECONDS):
        while await _messages(js, address) != count:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _messages(js, address: Address) -> int:
    """How many the stream holds; none while it is not made yet."""
    try:
        return int((await js.stream_info(address.stream)).state.messages)
    except NotFoundError:
        return 0

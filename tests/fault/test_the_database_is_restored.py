"""Fault: PostgreSQL is restored to an earlier moment while the stream holds more.

Promise (I5, I14): a tail that extends our chain is taken back, commands included; otherwise another epoch
opens above every position that was ever used, consumers beyond the fork learn of it, and nobody appends
before. (Here the database alone is put back, on the same server; not yet tried with a server's files.)
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import pytest
from nats.aio.client import Client

from shared.bus import Address
from shared.consumer import Consumer, ForkedError
from shared.continuity import Continuity
from shared.database import open_pool
from shared.errors import BusyError
from shared.event_meta import with_command
from shared.eventstore.epochs import EpochBook
from shared.eventstore.errors import CommandAlreadyApplied
from shared.eventstore.model import Append, CommandMark, Recorded
from shared.eventstore.verify import verify_store, verify_stream
from shared.gate import Gate, GuardedStore, UndecidedError
from shared.relay import Relay
from tests.fault.test_the_stream_is_healed import Collected, until_whole
from tests.service.conftest import StoreAddress, running, until
from tests.stack.events import an_append, an_event

KEPT, LOST = 4, 6
COMMAND = b"c" * 32


@dataclass(frozen=True)
class Opened:
    """A store behind its gate, as a service has it."""

    store: GuardedStore
    continuity: Continuity
    gate: Gate


@asynccontextmanager
async def opened(url: str, address: Address) -> AsyncIterator[Opened]:
    gate = Gate()
    async with open_pool(url, connections=4, greet=gate.greet) as pool:
        store = GuardedStore(pool, gate)
        yield Opened(store, Continuity(store, EpochBook(pool), gate, address), gate)


async def _copy(where: StoreAddress, *, back: bool) -> None:
    """Keep a copy of the database, or put it back. The server stays: only the content is older."""
    name = where.owner.rpartition("/")[2]
    server = where.admin.rpartition("/")[0] + "/postgres"
    source, target = (f"{name}_old", name) if back else (name, f"{name}_old")
    connection = await asyncpg.connect(server)
    try:
        owner = await connection.fetchval(
            "select pg_get_userbyid(datdba) from pg_database where datname = $1", source
        )
        await connection.execute(f'drop database if exists "{target}" with (force)')
        await connection.execute(f'create database "{target}" template "{source}" owner "{owner}"')
        app = where.app.rpartition("@")[0].rpartition("//")[2].partition(":")[0]
        await connection.execute(f'grant connect on database "{target}" to "{app}"')
    finally:
        await connection.close()


async def _append(store: GuardedStore, count: int) -> None:
    for _ in range(count):
        await store.append(an_append())


async def _relayed(it: Opened, client: Client, address: Address) -> None:
    async with running(Relay(it.store, client, address).run()):
        await until_whole(it.store, client.jetstream(), address)


def a_command(stream: str = "test_command") -> Append:
    """As `execute` appends it: the command travels in the meta of its last event."""
    mark = CommandMark(COMMAND, b"digest", stream, "created")
    event = an_event()
    meta = with_command(b'{"kind":"test","record":"test_command"}', mark)
    return Append(
        stream,
        0,
        (type(event)(event.event_id, event.type, event.data, meta, event.occurred_at),),
        mark,
    )


async def _breaches(it: Opened, client: Client, address: Address) -> list[object]:
    found = await verify_store(it.store, lambda _: None)
    return [*found, *await verify_stream(it.store, client.jetstream(), address, lambda _: None)]


async def test_a_lost_tail_is_taken_back_with_its_commands(
    store_address: StoreAddress, client: Client, address: Address
) -> None:
    js = client.jetstream()
    async with opened(store_address.app, address) as it:
        await it.continuity.settle(js)
        await _append(it.store, KEPT)
    await _copy(store_address, back=False)
    async with opened(store_address.app, address) as it:
        await it.continuity.settle(js)
        answered = await it.store.append(a_command())
        await _append(it.store, LOST)
        await _relayed(it, client, address)
        whole = await it.store.read_all(0, 100)
    await _copy(store_address, back=True)
    async with opened(store_address.app, address) as it:
        await it.continuity.settle(js)
        assert await it.store.read_all(0, 100) == whole
        with pytest.raises(CommandAlreadyApplied) as again:
            await it.store.append(a_command())
        assert again.value.found.position == answered.position
        assert await _breaches(it, client, address) == []
        await _append(it.store, 1)
        head = await it.store.head()
    assert (head.epoch, head.position) == (1, KEPT + LOST + 2)


@pytest.fixture
async def diverged(
    store_address: StoreAddress, client: Client, address: Address
) -> AsyncIterator[Opened]:
    """KEPT events, then LOST on the stream only, then, while the bus was away, two others."""
    js = client.jetstream()
    async with opened(store_address.app, address) as it:
        await it.continuity.settle(js)
        await _append(it.store, KEPT)
    await _copy(store_address, back=False)
    async with opened(store_address.app, address) as it:
        await it.continuity.settle(js)
        await _append(it.store, LOST)
        await _relayed(it, client, address)
    await _copy(store_address, back=True)
    async with opened(store_address.app, address) as it:
        assert await it.continuity.settle_without_stream()
        await _append(it.store, 2)
        await it.continuity.settle(js)
        async with running(Relay(it.store, client, address).run()):
            await _append(it.store, 1)
            await until_whole(it.store, js, address)
            yield it


async def test_a_diverged_store_opens_an_epoch_above_everything_that_was_used(
    diverged: Opened, client: Client, address: Address
) -> None:
    stored = await diverged.store.read_all(0, 100)
    last, decided = KEPT + LOST, diverged.continuity.last
    stands = [(1, at) for at in range(1, KEPT + 3)]
    places = [(event.epoch, event.position) for event in stored]
    assert places == [*stands, (2, last + 1), (2, last + 2)]
    assert decided
    assert decided.opened
    assert decided.opened.voided == (KEPT + 3, last)
    assert await _breaches(diverged, client, address) == []


@pytest.mark.parametrize("checkpoint", [KEPT + 1, KEPT + 2, KEPT + LOST])
async def test_a_consumer_beyond_the_fork_is_told_so(
    diverged: Opened, client: Client, address: Address, checkpoint: int
) -> None:
    with pytest.raises(ForkedError):
        await Consumer(client, address).run(checkpoint, Collected(), epoch=1)


async def test_a_consumer_before_the_fork_goes_on_over_what_is_void(
    diverged: Opened, client: Client, address: Address
) -> None:
    taken = Collected()
    async with running(Consumer(client, address).run(KEPT, taken, epoch=1)):
        await until(lambda: len(taken.events) == 4)
    assert taken.events == (await diverged.store.read_all(0, 100))[KEPT:]


async def test_a_store_that_moved_to_another_server_opens_an_epoch_even_when_nothing_is_missing(
    store_address: StoreAddress, client: Client, address: Address
) -> None:
    js = client.jetstream()
    async with opened(store_address.app, address) as it:
        await it.continuity.settle(js)
        await _append(it.store, KEPT)
        await _relayed(it, client, address)
    await _pretend_it_lived_elsewhere(store_address)
    taken = Collected()
    async with opened(store_address.app, address) as it:
        assert not await it.continuity.settle_without_stream()
        await it.continuity.settle(js)
        await _relayed(it, client, address)
        async with running(Consumer(client, address).run(KEPT, taken, epoch=1)):
            await until(lambda: len(taken.events) == 1)
        assert await _breaches(it, client, address) == []
    assert [(event.epoch, event.position) for event in taken.events] == [(2, KEPT + 1)]


async def test_nothing_is_appended_before_it_is_decided(
    store_address: StoreAddress, client: Client, address: Address
) -> None:
    async with opened(store_address.app, address) as it:
        with pytest.raises(BusyError):
            await it.store.append(an_append())
        with pytest.raises(UndecidedError):
            await it.gate.check()
        await it.continuity.settle(client.jetstream())
        await it.store.append(an_append())
        await it.gate.check()
        events: list[Recorded] = await it.store.read_all(0, 10)
    assert len(events) == 1


async def test_an_emptied_store_is_filled_from_the_stream(
    store_address: StoreAddress, client: Client, address: Address
) -> None:
    js = client.jetstream()
    await _copy(store_address, back=False)
    async with opened(store_address.app, address) as it:
        await it.continuity.settle(js)
        await _append(it.store, 250)
        await _relayed(it, client, address)
        whole = await it.store.read_all(0, 500)
    await _copy(store_address, back=True)
    async with opened(store_address.app, address) as it:
        await it.continuity.settle(js)
        assert await it.store.read_all(0, 500) == whole


async def _pretend_it_lived_elsewhere(where: StoreAddress) -> None:
    connection = await asyncpg.connect(where.owner)
    try:
        await connection.execute("update lineage set cluster = '1/00000001'")
    finally:
        await connection.close()

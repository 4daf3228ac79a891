"""Fault: a report reads the events for long, and somebody leaves a transaction idle in the midst of writing.
Promise: neither stalls the relay, and who follows the stream misses nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from nats.aio.client import Client

from shared.bus import Address
from shared.consumer import Consumer
from shared.eventstore.model import Recorded
from shared.eventstore.store import EventStore
from shared.eventstore.verify import verify_stream
from shared.relay import Relay
from tests.service.conftest import StoreAddress, running, until
from tests.stack.events import an_append

MANY = 300
READ = "declare report cursor for select * from events"
# What a service may write by itself, beside what append_batch writes for it.
WRITE = "insert into leases values ('idle', 'idle', now())"


async def test_neither_a_long_report_nor_an_idle_writer_stalls_the_relay(
    store: EventStore, store_address: StoreAddress, client: Client, address: Address
) -> None:
    await _appended(store)
    taken: list[Recorded] = []

    async def take(events: list[Recorded]) -> None:
        taken.extend(events)

    async with (
        _idle(store_address.app, READ) as report,
        _idle(store_address.app, WRITE),
        running(Relay(store, client, address).run(), Consumer(client, address).run(0, take)),
    ):
        await _appended(store)
        await until(lambda: len(taken) == 2 * MANY)
        # It still sees what was there when it began.
        assert len(await report.fetch("fetch all from report")) == MANY
    assert taken == await store.read_all(0, 2 * MANY)
    assert await verify_stream(store, client.jetstream(), address, lambda _: None) == []


async def _appended(store: EventStore) -> None:
    await asyncio.gather(*(store.append(an_append()) for _ in range(MANY)))


@asynccontextmanager
async def _idle(url: str, statement: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """In a transaction that has done this, and does nothing more."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read"):
            await connection.execute(statement)
            yield connection
    finally:
        await connection.close()

"""Fault: connections that appends keep run out or break. Promise: readers go on, and nothing is doubled."""

import asyncio

import asyncpg

from shared.eventstore.held import is_gone
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_store
from tests.service.conftest import StoreAddress
from tests.stack.events import an_append

SECONDS = 30
SMALL = 2
CALLERS = 60
END_OTHERS = """
select count(pg_terminate_backend(pid)) from pg_stat_activity
 where datname = current_database() and pid <> pg_backend_pid()
"""


async def test_a_pool_that_appends_use_up_still_serves_readers(store_address: StoreAddress) -> None:
    async with asyncio.timeout(SECONDS), open_store(store_address.app, connections=SMALL) as store:
        await asyncio.gather(*(_append_and_load(store) for _ in range(CALLERS)))
        assert (await store.head()).position == CALLERS


async def test_a_single_connection_serves_appends_and_readers(store_address: StoreAddress) -> None:
    async with open_store(store_address.app, connections=1) as store:
        await _append_and_load(store)
        await _append_and_load(store)


async def test_kept_connections_that_broke_are_made_anew(
    store: EventStore, store_address: StoreAddress
) -> None:
    await asyncio.gather(*(store.append(an_append()) for _ in range(CALLERS)))
    admin = await asyncpg.connect(store_address.admin, timeout=SECONDS)
    try:
        assert await admin.fetchval(END_OTHERS) > 0
    finally:
        await admin.close()
    await _settled(store)
    await asyncio.gather(*(store.append(an_append()) for _ in range(CALLERS)))
    assert (await store.head()).position == 2 * CALLERS
    assert await verify_store(store, lambda _: None) == []


async def _append_and_load(store: EventStore) -> None:
    append = an_append()
    await store.append(append)
    assert len(await store.load(append.stream_id)) == 1


async def _settled(store: EventStore) -> None:
    """Until this process has noticed that its idle connections are gone."""
    async with asyncio.timeout(SECONDS):
        while not all(map(is_gone, store._held._idle)):
            await asyncio.sleep(0)

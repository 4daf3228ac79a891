"""Fault: the event table is laid into partitions while everybody writes, or whoever does it dies or is kept
from it. Promise: no writer notices, every invariant holds, and what was refused before is refused still."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from shared import partitioning
from shared.bus import Address, open_bus
from shared.clock import utc_now
from shared.database import open_pool
from shared.epoch_events import Opening
from shared.eventstore.epochs import EpochBook
from shared.eventstore.errors import VersionConflict
from shared.eventstore.partitions import PREPARE, NoRoomError, Partitions
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_store, verify_stream
from shared.partitioning import InTheWayError, partition
from tests.service.conftest import StoreAddress, running
from tests.service.deciding_world import Caller, Installed
from tests.stack.events import an_append

SECONDS = 60
SIZE = 200
FEW = 10
WRITERS = 6
ITEMS = 20
LOOK_AGAIN_SECONDS = 0.02
PARTITIONS = """
select inhrelid::regclass::text from pg_inherits where inhparent = 'events'::regclass order by 1
"""
FILES = """
select array_agg(pg_relation_filenode(i.indexrelid) order by 1) || pg_relation_filenode(i.indrelid)
  from pg_index i where i.indrelid = $1::regclass group by i.indrelid
"""
INDEXES = """
select indexname from pg_indexes where tablename = 'events' order by 1
"""
BOUND_LEFT = "select count(*) from pg_constraint where conname = 'events_before_bound'"


async def test_writers_notice_nothing_while_partitions_are_made_and_filled(
    installed: Installed,
) -> None:
    url = installed.databases.url("contacts", "app")
    async with installed.contacts() as contacts, open_pool(url, connections=2) as pool:
        await contacts.until_ready()
        tasks = [_write(contacts) for _ in range(WRITERS)]
        async with open_store(url) as store:
            async with running(Partitions(pool, LOOK_AGAIN_SECONDS).run(), *tasks):
                await _head_passes(store, SIZE)
                assert await _laid(installed.databases.url("contacts", "owner"))
                await _head_passes(store, (await store.head()).position + 5 * SIZE)
            assert len(await pool.fetch(PARTITIONS)) >= 5
            assert await verify_store(store, lambda _: None) == []
            await _stream_holds_all(installed, store)


async def test_the_table_that_was_there_is_taken_as_it_is(
    store: EventStore, store_address: StoreAddress
) -> None:
    await _fill(store, FEW)
    owner = await asyncpg.connect(store_address.owner)
    try:
        files, names = await owner.fetchval(FILES, "events"), await owner.fetch(INDEXES)
        assert await _laid(store_address.owner)
        assert await owner.fetchval(FILES, "events_from_0") == files
        assert await owner.fetch(INDEXES) == names
    finally:
        await owner.close()
    assert await _laid(store_address.owner) is False


async def test_streams_go_on_across_partitions_and_versions_are_won_once(
    store: EventStore, store_address: StoreAddress
) -> None:
    await store.append(an_append("test_long"))
    assert await _laid(store_address.owner)
    async with (
        open_pool(store_address.app, connections=1) as pool,
        running(Partitions(pool, LOOK_AGAIN_SECONDS).run()),
    ):
        for reached in range(1, 4):
            await _fill(store, SIZE)
            command = b"command %d" % reached
            await store.append(an_append("test_long", expected=reached, command=command))
    loaded = await store.load("test_long")
    assert [event.version for event in loaded] == [1, 2, 3, 4]
    assert [event.position for event in (await store.load_tail("test_long", b"")).events] == [
        event.position for event in loaded
    ]
    with pytest.raises(VersionConflict):
        await store.append(an_append("test_long", expected=3))
    assert await verify_store(store, lambda _: None) == []


async def test_appends_that_outrun_the_partitions_ahead_make_the_next_ones(
    store: EventStore, store_address: StoreAddress
) -> None:
    assert await _laid(store_address.owner)
    for _ in range(5):
        await _fill(store, SIZE)
    assert (await store.head()).position == 5 * SIZE
    assert await verify_store(store, lambda _: None) == []


async def test_a_bound_that_is_reached_while_partitions_are_laid_asks_to_come_again(
    store: EventStore, store_address: StoreAddress
) -> None:
    owner = await asyncpg.connect(store_address.owner)
    try:
        await owner.execute(
            "alter table events add constraint events_before_bound check (position < 3) not valid"
        )
        await _fill(store, 2)
        with pytest.raises(NoRoomError):
            await store.append(an_append())
    finally:
        await owner.close()


@pytest.mark.parametrize(
    "statement",
    [
        "insert into events select * from events",
        "update events set type = 'forged'",
        "delete from events",
        "truncate events",
        "drop table events",
        "alter table events detach partition events_from_0",
        "select * from events_from_0",
        "insert into events_from_0 select * from events",
        "update events_from_0 set type = 'forged'",
        "delete from events_from_400",
        "truncate events_from_400",
        "create table events_mine partition of events for values from (100000) to (100001)",
        "update partitioning set reaches = 0",
        "select begin_partitions(1, 1)",
    ],
)
async def test_a_writer_that_bypasses_the_appender_is_refused_still(
    store: EventStore, store_address: StoreAddress, statement: str
) -> None:
    await _fill(store, FEW)
    await _laid(store_address.owner)
    app = await asyncpg.connect(store_address.app)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(statement)
    finally:
        await app.close()


async def test_no_position_is_used_twice_whoever_writes(
    store: EventStore, store_address: StoreAddress
) -> None:
    await _fill(store, FEW)
    await _laid(store_address.owner)
    admin = await asyncpg.connect(store_address.admin)
    try:
        with pytest.raises(asyncpg.UniqueViolationError):
            await admin.execute("insert into events select * from events where position = 3")
        await admin.execute("update events set data = 'forged' where position = 7")
    finally:
        await admin.close()
    assert [(one.invariant, one.position) for one in await verify_store(store, print)] == [
        ("I4", 7)
    ]


async def test_an_epoch_that_opens_far_beyond_finds_its_partition(
    store: EventStore, store_address: StoreAddress
) -> None:
    await _fill(store, FEW)
    await _laid(store_address.owner)
    beyond = 20 * SIZE
    async with open_pool(store_address.app, connections=1) as pool:
        opening = Opening(2, FEW, FEW, beyond, "restored")
        assert await EpochBook(pool).open(await store.head(), opening, uuid4(), utc_now())
    await store.append(an_append())
    assert (await store.head()).position == beyond + 2
    assert await verify_store(store, lambda _: None) == []


async def test_a_long_reader_keeps_partitions_away_and_nobody_waits(
    store: EventStore, store_address: StoreAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitioning, "PATIENCE_SECONDS", 0.5)
    async with _reading_for_long(store_address.app):
        laying = asyncio.create_task(_laid(store_address.owner))
        while not laying.done():
            await store.append(an_append())
        with pytest.raises(InTheWayError):
            await laying
    assert await _laid(store_address.owner)


async def test_what_was_killed_half_way_refuses_nobody_and_can_be_done_again(
    store: EventStore, store_address: StoreAddress
) -> None:
    owner = await asyncpg.connect(store_address.owner)
    try:
        await owner.execute(
            "alter table events add constraint events_before_bound check (position < 5)"
        )
        async with open_pool(store_address.app, connections=1) as pool:
            await pool.fetchval(PREPARE, 0)
        assert await owner.fetchval(BOUND_LEFT) == 0
    finally:
        await owner.close()
    await _fill(store, FEW)
    assert await _laid(store_address.owner)


async def _laid(owner_url: str) -> bool:
    async with asyncio.timeout(SECONDS):
        return await partition(owner_url, SIZE, lambda _: None)


async def _fill(store: EventStore, count: int) -> None:
    await asyncio.gather(*(store.append(an_append()) for _ in range(count)))


async def _write(caller: Caller) -> None:
    """Batch after batch, each item of which must be accepted."""
    while True:
        items = [{"key": uuid4().hex, "body": {"name": uuid4().hex}} for _ in range(ITEMS)]
        answers = await caller.batch("organisations", *items)
        assert [answer for answer in answers if answer["status"] != 201] == []


async def _head_passes(store: EventStore, position: int) -> None:
    async with asyncio.timeout(SECONDS):
        while (await store.head()).position <= position:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _stream_holds_all(installed: Installed, store: EventStore) -> None:
    address = Address(installed.mission, "hq", "contacts")
    head = (await store.head()).position
    async with open_bus(installed.nats_url, None, name="test") as client:
        js = client.jetstream()
        async with asyncio.timeout(SECONDS):
            while (await js.stream_info(address.stream)).state.last_seq < head:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        assert await verify_stream(store, js, address, lambda _: None) == []


@asynccontextmanager
async def _reading_for_long(url: str) -> AsyncIterator[None]:
    reader = await asyncpg.connect(url)
    try:
        async with reader.transaction():
            await reader.execute("select count(*) from events")
            yield
    finally:
        await reader.close()

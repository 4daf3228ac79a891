"""What the event store promises to whoever appends."""

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from shared.eventstore.errors import CommandAlreadyApplied, UnstorableError, VersionConflict
from shared.eventstore.model import Append, CommandMark, hash_of
from shared.eventstore.storable import EVENT_BYTES
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_store
from tests.service.conftest import StoreAddress
from tests.stack.events import NINE_O_CLOCK, an_append, an_event

WRITERS = 16
EACH = 25


async def test_an_empty_store_has_its_head_at_zero(store: EventStore) -> None:
    assert (await store.head()).position == 0


async def test_events_come_back_as_they_went_in(store: EventStore) -> None:
    append = an_append(events=3)
    await store.append(append)
    loaded = await store.load(append.stream_id)
    assert [(r.event_id, r.data, r.meta) for r in loaded] == [
        (e.event_id, e.data, e.meta) for e in append.events
    ]


async def test_moments_come_back_as_they_went_in_whichever_way_they_are_read(
    store: EventStore,
) -> None:
    """Before 2000, from where the database counts, and after; read on, loaded, and with a snapshot."""
    moments = [NINE_O_CLOCK.replace(year=year, microsecond=year) for year in (1, 1999, 2000, 9999)]
    events = tuple(replace(an_event(), occurred_at=moment) for moment in moments)
    appended = await store.append(Append("test_a", 0, events))
    for read in (
        await store.read_all(0, 10),
        await store.load("test_a"),
        await store.load_many(["test_a"]),
        (await store.load_tail("test_a", b"fold")).events,
    ):
        assert [one.occurred_at for one in read] == moments
        assert {one.recorded_at for one in read} == {appended.recorded_at}


@pytest.mark.parametrize(
    ("spelled", "moment"),
    [
        ("-infinity", datetime.min.replace(tzinfo=UTC)),
        ("infinity", datetime.max.replace(tzinfo=UTC)),
        ("20000-01-01", datetime.max.replace(tzinfo=UTC)),
    ],
)
async def test_a_moment_that_nobody_could_have_meant_reads_as_the_first_or_last(
    store: EventStore, store_address: StoreAddress, spelled: str, moment: datetime
) -> None:
    """So that what a stranger put there can be compared, and found not to be what was hashed."""
    await store.append(an_append("test_a"))
    owner = await asyncpg.connect(store_address.owner)
    try:
        await owner.execute(f"update events set occurred_at = '{spelled}'")  # noqa: S608 - ours
    finally:
        await owner.close()
    [event] = await store.load("test_a")
    assert event.occurred_at == moment
    assert hash_of(event) != event.hash


async def test_versions_and_positions_count_from_one(store: EventStore) -> None:
    first = await store.append(an_append("test_a", events=2))
    second = await store.append(an_append("test_a", expected=2))
    assert (first.version, first.position, second.version, second.position) == (2, 2, 3, 3)


async def test_a_stream_that_has_moved_on_refuses(store: EventStore) -> None:
    await store.append(an_append("test_a"))
    with pytest.raises(VersionConflict):
        await store.append(an_append("test_a"))
    assert (await store.head()).position == 1


async def test_of_many_writers_of_one_version_exactly_one_wins(store: EventStore) -> None:
    outcomes = await asyncio.gather(
        *(store.append(an_append("test_a")) for _ in range(WRITERS)), return_exceptions=True
    )
    assert sum(not isinstance(outcome, VersionConflict) for outcome in outcomes) == 1
    assert len(await store.load("test_a")) == 1


async def test_a_command_is_applied_once_and_remembered(store: EventStore) -> None:
    appended = await store.append(an_append("test_a", command=b"one"))
    with pytest.raises(CommandAlreadyApplied) as caught:
        await store.append(an_append("test_b", command=b"one"))
    assert caught.value.found.record_id == "test_a"
    assert caught.value.found.position == appended.position
    assert await store.load("test_b") == []


async def test_a_command_that_changes_nothing_is_remembered_too(store: EventStore) -> None:
    await store.append(an_append("test_a"))
    mark = CommandMark(b"nothing", b"digest", "test_a", "unchanged")
    await store.append(Append("test_a", 1, (), mark))
    found = await store.find_command(b"nothing")
    assert found is not None
    assert (found.outcome, found.version) == ("unchanged", 1)


async def test_a_conflict_in_a_batch_leaves_its_neighbours_whole(store: EventStore) -> None:
    await store.append(an_append("test_taken"))
    good = [an_append() for _ in range(WRITERS)]
    outcomes = await asyncio.gather(
        *(store.append(append) for append in [*good[:8], an_append("test_taken"), *good[8:]]),
        return_exceptions=True,
    )
    assert isinstance(outcomes[8], VersionConflict)
    assert (await store.head()).position == 1 + len(good)


async def test_a_poison_in_a_batch_fails_alone(store: EventStore) -> None:
    appends = [an_append() for _ in range(WRITERS)]
    appends[5] = an_append("test_with_\x00_in_it")
    outcomes = await asyncio.gather(
        *(store.append(append) for append in appends), return_exceptions=True
    )
    failed = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, Exception)]
    assert failed == [5]
    assert isinstance(outcomes[5], UnstorableError)


async def test_an_oversize_event_is_refused_before_it_is_queued(store: EventStore) -> None:
    with pytest.raises(UnstorableError):
        await store.append(Append("test_a", 0, (an_event(b"x" * (EVENT_BYTES + 1)),)))


async def test_two_stores_on_one_head_leave_no_gap_and_no_double(
    store: EventStore, store_address: StoreAddress
) -> None:
    async with open_store(store_address.app) as other:
        await asyncio.gather(
            *(_write_many(one, EACH) for one in (store, other) for _ in range(WRITERS))
        )
    events = await store.read_all(0, 10_000)
    assert [event.position for event in events] == list(range(1, 2 * WRITERS * EACH + 1))
    assert await verify_store(store, lambda _: None) == []


async def test_a_reader_that_follows_eight_writers_misses_nothing(store: EventStore) -> None:
    seen: list[int] = []

    async def follow() -> None:
        while len(seen) < 8 * EACH:
            seen.extend(e.position for e in await store.read_all(seen[-1] if seen else 0, 7))

    await asyncio.gather(follow(), *(_write_many(store, EACH) for _ in range(8)))
    assert seen == list(range(1, 8 * EACH + 1))


async def test_an_idle_transaction_stalls_neither_writers_nor_readers(
    store: EventStore, store_address: StoreAddress
) -> None:
    idle = await asyncpg.connect(store_address.app)
    try:
        async with idle.transaction(isolation="repeatable_read"):
            await idle.fetchval("select count(*) from events")
            await _write_many(store, EACH)
            assert len(await store.read_all(0, EACH)) == EACH
            assert await idle.fetchval("select count(*) from events") == 0
    finally:
        await idle.close()


async def test_every_hash_is_made_of_all_that_came_before(store: EventStore) -> None:
    await _write_many(store, 5)
    events = await store.read_all(0, 10)
    assert all(event.hash == hash_of(event) for event in events)
    assert all(b.prev_hash == a.hash for a, b in itertools.pairwise(events))


async def test_the_stores_clock_never_falls_whatever_the_scenario_says(store: EventStore) -> None:
    later = await store.append(an_append(recorded_at=NINE_O_CLOCK))
    earlier = await store.append(an_append(recorded_at=NINE_O_CLOCK - timedelta(days=1)))
    assert later.recorded_at == earlier.recorded_at == NINE_O_CLOCK


@pytest.mark.parametrize(
    "statement",
    [
        "insert into streams values ('test_forged', 1)",
        "update events set type = 'forged'",
        "delete from events",
        "truncate events",
        "update streams set version = 0",
        "delete from commands",
        "insert into epochs values (9, 0, null, null, now())",
        "update installation set exercise = false",
        "drop table events",
        "select 1 from append_lock for update",
    ],
)
async def test_a_writer_that_bypasses_the_appender_is_refused(
    store_address: StoreAddress, statement: str
) -> None:
    connection = await asyncpg.connect(store_address.app)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def _write_many(store: EventStore, count: int) -> None:
    for _ in range(count):
        await store.append(an_append())

"""What one append of a batch may do to its neighbours: nothing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from shared.database import open_pool
from shared.eventstore.counted import CountedStore
from shared.eventstore.errors import CommandAlreadyApplied, UnstorableError, VersionConflict
from shared.eventstore.model import Append, Appended, CommandMark
from shared.eventstore.store import EventStore
from shared.eventstore.verify import verify_store
from tests.service.conftest import StoreAddress
from tests.stack.events import an_append, an_event

NEIGHBOURS = 8
TOO_BIG_FOR_AN_INTEGER = 2**40
REFUSING = """
create function refuse() returns trigger language plpgsql as $$
begin
    raise exception unique_violation;
end $$;
create trigger refuse before insert on events
    for each row when (new.stream_id = 'test_refused') execute function refuse();
"""


@pytest.fixture
async def counted(store_address: StoreAddress) -> AsyncIterator[CountedStore]:
    async with open_pool(store_address.app, connections=2) as pool:
        store = CountedStore(pool)
        yield store
        await store.close()


async def test_one_command_on_two_streams_at_once_is_applied_once(store: EventStore) -> None:
    neighbours = [an_append() for _ in range(NEIGHBOURS)]
    twins = [an_append("test_a", command=b"twin"), an_append("test_b", command=b"twin")]
    first, second, *others = await asyncio.gather(
        *(store.append(append) for append in [*twins, *neighbours]), return_exceptions=True
    )
    assert not isinstance(first, BaseException)
    assert isinstance(second, CommandAlreadyApplied)
    assert second.found.record_id == "test_a"
    assert [other for other in others if isinstance(other, BaseException)] == []


@pytest.mark.parametrize(
    "poison",
    [
        an_append("test_with_\x00_in_it"),
        an_append("test_with_\ud800_in_it"),
        an_append("test_a", expected=TOO_BIG_FOR_AN_INTEGER),
        Append("test_a", 0, (replace(an_event(), type="x\x00"),)),
        Append("test_a", 0, (), CommandMark(b"c", b"d", "test_a", "un\x00changed")),
    ],
    ids=["nul", "surrogate", "version", "type", "outcome"],
)
async def test_a_poison_fails_alone(store: EventStore, poison: Append) -> None:
    neighbours = [an_append() for _ in range(NEIGHBOURS)]
    outcomes = await asyncio.gather(
        *(store.append(append) for append in [*neighbours, poison]), return_exceptions=True
    )
    assert isinstance(outcomes[-1], UnstorableError)
    assert [outcome for outcome in outcomes[:-1] if isinstance(outcome, BaseException)] == []
    assert (await store.head()).position == NEIGHBOURS
    assert await verify_store(store, lambda _: None) == []


async def test_what_the_database_refuses_for_one_event_fails_that_one_alone(
    store: EventStore, store_address: StoreAddress
) -> None:
    owner = await asyncpg.connect(store_address.owner)
    try:
        await owner.execute(REFUSING)
    finally:
        await owner.close()
    appends = [an_append() for _ in range(NEIGHBOURS)]
    outcomes = await asyncio.gather(
        *(store.append(append) for append in [*appends, an_append("test_refused")]),
        return_exceptions=True,
    )
    assert isinstance(outcomes[-1], asyncpg.UniqueViolationError)
    assert [outcome for outcome in outcomes[:-1] if isinstance(outcome, BaseException)] == []


@pytest.mark.parametrize(
    ("left_out", "why"),
    [
        (an_append("test_a", expected=1), VersionConflict),
        (an_append("test_b"), VersionConflict),
        (an_append("test_absent", expected=3), VersionConflict),
        (an_append(command=b"applied"), CommandAlreadyApplied),
    ],
    ids=["moved on", "there already", "absent", "applied before"],
)
async def test_whatever_cannot_stand_is_left_out_of_its_batch_and_leaves_no_gap(
    counted: CountedStore, left_out: Append, why: type[Exception]
) -> None:
    await counted.append(an_append("test_a", events=2))
    await counted.append(an_append("test_b", command=b"applied"))
    batch = [an_append(), left_out, an_append("test_c", events=3), an_append(command=b"new")]
    outcomes = await asyncio.gather(
        *(counted.append(append) for append in batch), return_exceptions=True
    )
    assert [type(one) for one in outcomes] == [Appended, why, Appended, Appended]
    assert counted.counts.batches == 3
    assert (await counted.head()).position == 3 + 5
    assert await verify_store(counted, lambda _: None) == []


async def test_a_command_that_changes_nothing_stands_or_is_left_out_like_any_other(
    store: EventStore,
) -> None:
    def unchanged(stream: str, version: int) -> Append:
        return Append(stream, version, (), CommandMark(stream.encode(), b"d", stream, "unchanged"))

    await store.append(an_append("test_a"))
    appends = [an_append(), unchanged("test_a", 1), unchanged("test_b", 1), an_append()]
    outcomes = await asyncio.gather(
        *(store.append(append) for append in appends), return_exceptions=True
    )
    assert [type(one) for one in outcomes] == [Appended, Appended, VersionConflict, Appended]
    assert await store.find_command(b"test_a") is not None
    assert await store.find_command(b"test_b") is None
    assert await verify_store(store, lambda _: None) == []


async def test_streams_that_go_on_and_new_ones_stand_in_one_batch(store: EventStore) -> None:
    for stream in ("test_a", "test_b"):
        await store.append(an_append(stream))
    appends = [
        an_append("test_a", expected=1, events=2),
        an_append("test_c"),
        an_append("test_b", expected=1, command=b"amends"),
    ]
    outcomes = await asyncio.gather(*(store.append(append) for append in appends))
    assert [(one.position, one.version) for one in outcomes] == [(4, 3), (5, 1), (6, 2)]
    assert await verify_store(store, lambda _: None) == []

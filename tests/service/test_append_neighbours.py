"""What one append of a batch may do to its neighbours: nothing."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from shared.eventstore.errors import CommandAlreadyApplied, UnstorableError
from shared.eventstore.model import Append, CommandMark
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

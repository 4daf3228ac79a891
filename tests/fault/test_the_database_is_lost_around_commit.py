"""Fault: connection, backend or server is lost while COMMIT is under way. Promise: applied once or not at
all, told truly, and a repeat by its command id makes it once."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest

from shared.errors import BusyError
from shared.eventstore.errors import CommandAlreadyApplied
from shared.eventstore.model import Append, Appended
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_store
from tests.fault.own_postgres import OwnPostgres, own_postgres
from tests.service.conftest import StoreAddress
from tests.stack.cutting_proxy import cutting_proxy
from tests.stack.events import an_append

SECONDS = 60
A_COMMIT = "select pg_logical_emit_message(true, 'a commit', '')"
WAITS = "select exists (select from pg_stat_activity where wait_event = 'SyncRep')"
# In COMMIT, before its record is written: a deferred trigger is in no hurry.
LINGER = """
create function linger() returns trigger language plpgsql as $$
begin
    perform pg_sleep(60);
    return null;
end $$;
create constraint trigger linger after insert on events deferrable initially deferred
    for each row execute function linger()
"""


async def test_an_append_whose_answer_was_lost_is_found_by_its_command_and_not_repeated(
    store_address: StoreAddress,
) -> None:
    async with cutting_proxy(store_address.app) as proxy, open_store(proxy.url) as store:
        await store.append(an_append())
        proxy.lose_next_answer()
        append = an_append(command=b"lost answer")
        with pytest.raises(CommandAlreadyApplied) as caught:
            await store.append(append)
        assert caught.value.found.record_id == append.stream_id
        assert [event.version for event in await store.load(append.stream_id)] == [1]
        assert await verify_store(store, lambda _: None) == []


@pytest.fixture(scope="module")
def own() -> Iterator[OwnPostgres]:
    with own_postgres() as server:
        yield server


@pytest.mark.parametrize("killed", ["backend", "server"])
async def test_killed_before_the_commit_was_written_it_left_nothing_and_can_be_repeated(
    own: OwnPostgres, killed: str
) -> None:
    databases = await own.server.fresh("contacts")
    append = an_append(command=b"lingers")
    url = databases.url("contacts", "app")
    async with open_store(url) as store:
        await store.append(an_append())
        await _as_owner(databases.url("contacts", "owner"), LINGER)
        outcome = await _killed_meanwhile(own, url, store.append(append), ("PgSleep", killed))
        await _as_owner(databases.url("contacts", "owner"), "drop function linger cascade")
        assert isinstance(outcome, BusyError)
        assert (await store.head()).position == 1
        await store.append(append)
        await _holds_once(store, append)


@pytest.mark.parametrize("killed", ["backend", "server"])
async def test_killed_after_the_commit_was_written_it_is_found_by_its_command(
    own: OwnPostgres, killed: str
) -> None:
    databases = await own.server.fresh("contacts")
    append = an_append(command=b"written")
    url = databases.url("contacts", "app")
    async with open_store(url) as store:
        await store.append(an_append())
        async with _a_standby_that_never_comes(own):
            outcome = await _killed_meanwhile(own, url, store.append(append), ("SyncRep", killed))
        assert isinstance(outcome, BusyError | CommandAlreadyApplied)
        with pytest.raises(CommandAlreadyApplied) as caught:
            await store.append(append)
        assert caught.value.found.record_id == append.stream_id
        await _holds_once(store, append)


async def _killed_meanwhile(
    own: OwnPostgres,
    url: str,
    append: Coroutine[object, object, Appended],
    how: tuple[str, str],
) -> BaseException | None:
    """What it was answered. `how`: the event its backend waited for then, and which process was killed."""
    event, killed = how
    appending = asyncio.create_task(append)
    backend = await own.waiting_for(event, urlsplit(url).path[1:])
    await own.kill(backend if killed == "backend" else None)
    await asyncio.wait([appending], timeout=SECONDS)
    return appending.exception()


async def _holds_once(store: EventStore, append: Append) -> None:
    assert [event.version for event in await store.load(append.stream_id)] == [1]
    assert (await store.head()).position == 2
    assert await verify_store(store, lambda _: None) == []


@asynccontextmanager
async def _a_standby_that_never_comes(own: OwnPostgres) -> AsyncIterator[None]:
    """Every COMMIT is written, and then waits for it."""
    await own.ask("alter system set synchronous_standby_names = 'nobody'")
    await own.ask("select pg_reload_conf()")
    await _until_commits_wait(own)
    try:
        yield
    finally:
        await own.ask("alter system reset synchronous_standby_names")
        await own.ask("select pg_reload_conf()")


async def _until_commits_wait(own: OwnPostgres) -> None:
    """The server takes a setting in when one of its processes comes round to it."""
    async with asyncio.timeout(SECONDS):
        while True:
            commit = asyncio.create_task(own.ask(A_COMMIT))
            while not commit.done():
                if await own.ask(WAITS):
                    commit.cancel()
                    await asyncio.wait([commit])
                    return


async def _as_owner(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, timeout=SECONDS)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()

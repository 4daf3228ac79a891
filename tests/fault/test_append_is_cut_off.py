"""Fault: whoever appends dies at a labelled point. Promise: all or nothing, told truly, never twice."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from deploy.local.layout import ROOT
from shared.errors import BusyError
from shared.eventstore.errors import CommandAlreadyApplied
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_store
from tests.fault.writing_until_killed import command_of
from tests.service.conftest import StoreAddress
from tests.stack.events import an_append

NEIGHBOURS = 5
DEATHS = 5
LINES_BEFORE_DEATH = 20
SECONDS = 30

# By the server's own superuser: nobody else may end a connection that is not his.
DIE = """
create function die() returns trigger language plpgsql security definer as $$
begin
    perform pg_terminate_backend(pg_backend_pid());
    return new;
end $$;
"""
BEFORE_INSERT = "create trigger die before insert on events for each row execute function die()"
AFTER_INSERT = "create trigger die after insert on commands for each row execute function die()"
BEFORE_COMMIT = """
create constraint trigger die after insert on events deferrable initially deferred
    for each row execute function die()
"""


@asynccontextmanager
async def _dying(address: StoreAddress, point: str) -> AsyncIterator[None]:
    admin = await asyncpg.connect(address.admin, timeout=SECONDS)
    try:
        await admin.execute(DIE)
        await admin.execute(point)
        yield
        await admin.execute("drop function die cascade")
    finally:
        await admin.close()


@pytest.mark.parametrize(
    "point",
    [BEFORE_INSERT, AFTER_INSERT, BEFORE_COMMIT],
    ids=["before insert", "after insert", "before commit"],
)
async def test_an_append_that_died_before_its_commit_left_nothing_and_can_be_repeated(
    store: EventStore, store_address: StoreAddress, point: str
) -> None:
    await store.append(an_append())
    appends = [an_append(command=b"command %d" % number) for number in range(NEIGHBOURS)]
    async with _dying(store_address, point):
        outcomes = await asyncio.gather(
            *(store.append(append) for append in appends), return_exceptions=True
        )
    assert {type(outcome) for outcome in outcomes} == {BusyError}
    assert (await store.head()).position == 1
    await asyncio.gather(*(store.append(append) for append in appends))
    assert (await store.head()).position == 1 + NEIGHBOURS
    assert await verify_store(store, lambda _: None) == []


async def test_what_a_killed_process_was_acknowledged_is_there_once(
    store: EventStore, store_address: StoreAddress
) -> None:
    acknowledged = [
        await _acknowledged_before_death(store_address.app, life) for life in range(DEATHS)
    ]
    events = await store.read_all(0, 100_000)
    stored = [event.stream_id for event in events]
    told = [stream for life in acknowledged for stream in life]
    assert len(told) >= DEATHS * LINES_BEFORE_DEATH
    assert set(told) <= set(stored)
    assert len(stored) == len(set(stored))
    assert await verify_store(store, lambda _: None) == []


async def test_a_retry_of_what_a_killed_process_wrote_is_answered_and_not_repeated(
    store_address: StoreAddress,
) -> None:
    (stream, *_) = await _acknowledged_before_death(store_address.app, life=0)
    async with open_store(store_address.app) as store:
        with pytest.raises(CommandAlreadyApplied) as caught:
            await store.append(an_append(f"{stream}_again", command=command_of(stream)))
        assert caught.value.found.record_id == stream
        assert await store.load(f"{stream}_again") == []


async def _acknowledged_before_death(url: str, life: int) -> list[str]:
    """What a process of its own said was appended until it was killed in the midst of more."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "tests.fault.writing_until_killed", url, str(life)),
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    lines: list[bytes] = []
    async with asyncio.timeout(SECONDS):
        while len(lines) < LINES_BEFORE_DEATH:
            lines.append(await process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        lines += (await process.stdout.read()).splitlines(keepends=True)
        await process.wait()
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]

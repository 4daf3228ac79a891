"""Fault: the disk that holds the events is full. Promise: writes are refused cleanly, reads go on, and
once there is room everything goes on by itself, with nothing lost, doubled or out of the chain."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import replace

import asyncpg
import pytest

from shared.errors import BusyError
from shared.eventstore.model import Append
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_store
from tests.service.conftest import StoreAddress
from tests.stack.events import an_append, an_event
from tests.stack.small_disk import SmallDisk, mounted_small_disk

SECONDS = 30
AT_ONCE = 8
LARGE_BYTES = 200_000


@pytest.fixture
def disk():
    with ExitStack() as exits:
        try:
            small = exits.enter_context(mounted_small_disk())
        except OSError as refused:
            pytest.skip(str(refused))
        yield small


@pytest.fixture
async def small_store(store_address: StoreAddress, disk: SmallDisk) -> AsyncIterator[EventStore]:
    """A store whose tables lie on the small disk."""
    database = store_address.admin.rpartition("/")[2]
    admin = await asyncpg.connect(
        store_address.admin.rpartition("/")[0] + "/postgres", timeout=SECONDS
    )
    try:
        await admin.execute(f"create tablespace small location '{disk.folder}'")
        await admin.execute(f'alter database "{database}" set tablespace small')
        async with open_store(store_address.app) as store:
            yield store
        await admin.execute(f'drop database "{database}" with (force)')
        await admin.execute("drop tablespace small")
    finally:
        await admin.close()


async def test_a_full_disk_refuses_writes_and_nothing_else(
    small_store: EventStore, disk: SmallDisk
) -> None:
    await small_store.append(an_append("test_before"))
    disk.fill()
    refused = await _append_until_refused(small_store)
    assert {type(outcome) for outcome in refused} == {BusyError}
    assert len(await small_store.load("test_before")) == 1

    disk.make_room()
    again = [_large(f"test_again{number}") for number in range(AT_ONCE)]
    await asyncio.gather(*(small_store.append(append) for append in again))
    assert await verify_store(small_store, lambda _: None) == []


async def _append_until_refused(store: EventStore) -> list[BaseException]:
    """What large appends are answered once not one of them fits any more."""
    async with asyncio.timeout(SECONDS):
        while True:
            appends = [_large() for _ in range(AT_ONCE)]
            outcomes = await asyncio.gather(*map(store.append, appends), return_exceptions=True)
            refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
            if len(refused) == AT_ONCE:
                return refused


def _large(stream: str | None = None) -> Append:
    """One that fits into no page that is there already."""
    words = ",".join(f'"{number * 2654435761 % 4294967296}"' for number in range(LARGE_BYTES // 13))
    return replace(an_append(stream), events=(an_event(f"[{words}]".encode()),))

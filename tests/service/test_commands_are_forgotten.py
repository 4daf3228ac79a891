"""Promise: a command is remembered for 72 hours; what is older goes by itself, what is younger stays, and a
request repeated after that is a new one."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest

from shared.clock import utc_now
from shared.database import open_pool
from shared.eventstore.errors import CommandAlreadyApplied
from shared.eventstore.model import Append, CommandMark
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_store
from shared.forgetting import PORTION, Forgetting
from tests.service.conftest import StoreAddress
from tests.service.deciding_world import Caller, Installed
from tests.stack.events import an_append

WINDOW = timedelta(hours=72)
# More than a run of the suite takes: these moments are taken once.
MARGIN = timedelta(hours=6)
LATE, SOON = utc_now() - WINDOW - MARGIN, utc_now() - WINDOW + MARGIN
SECONDS = 20


async def test_older_commands_go_and_younger_ones_stay(
    store: EventStore, store_address: StoreAddress
) -> None:
    await store.append(an_append(command=b"old", recorded_at=LATE))
    await _head_signed(store_address.owner, 1, LATE)
    await store.append(an_append(command=b"young", recorded_at=SOON))
    await _head_signed(store_address.owner, 2, SOON)
    assert await _forget(store_address.app) == 1
    assert await store.find_command(b"old") is None
    assert await store.find_command(b"young") is not None
    assert await verify_store(store, lambda _: None) == []


async def test_what_an_exercise_dates_back_is_remembered_as_long(
    store: EventStore, store_address: StoreAddress
) -> None:
    await store.append(an_append(command=b"story", recorded_at=LATE))
    await _head_signed(store_address.owner, 1, utc_now())
    assert await _forget(store_address.app) == 0
    with pytest.raises(CommandAlreadyApplied):
        await store.append(an_append(command=b"story"))


async def test_one_that_changed_nothing_in_a_quiet_store_is_remembered_as_long(
    store: EventStore, store_address: StoreAddress
) -> None:
    await store.append(an_append("test_a", recorded_at=LATE))
    await _head_signed(store_address.owner, 1, LATE)
    mark = CommandMark(b"nothing", b"digest", "test_a", "unchanged")
    await store.append(Append("test_a", 1, (), mark))
    assert await _forget(store_address.app) == 0
    assert await store.find_command(b"nothing") is not None


async def test_more_than_a_portion_goes_in_one_sweep(
    store: EventStore, store_address: StoreAddress
) -> None:
    await store.append(an_append("test_a", recorded_at=LATE))
    await _head_signed(store_address.owner, 1, LATE)
    await _as_owner(
        store_address.owner,
        "insert into commands select int4send(n), '', 'test_a', 'unchanged', 1, 1, 1, $2"
        "  from generate_series(1, $1) n",
        PORTION + 1,
        LATE,
    )
    assert await _forget(store_address.app) == PORTION + 1


async def test_the_service_may_forget_nothing_younger(store_address: StoreAddress) -> None:
    connection = await asyncpg.connect(store_address.app)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("delete from commands where recorded_at < now()")
    finally:
        await connection.close()


async def test_a_request_repeated_after_that_is_a_new_one(
    contacts: Caller, installed: Installed
) -> None:
    first = await contacts.post("/organisations", {"name": "River Aid"}, key="k")
    amended = {"name": "River Relief"}
    await contacts.post(f"/organisations/{first.id}/amend", amended, key="a")
    await _three_days_pass(installed)
    again = await contacts.post("/organisations", {"name": "River Aid"}, key="k")
    at = f"/organisations/{first.id}/amend"
    unchanged = await contacts.post(at, amended, key="a")
    assert (again.status, again.json["replayed"], again.id != first.id) == (201, False, True)
    assert (unchanged.json["outcome"], unchanged.json["replayed"]) == ("unchanged", False)


async def test_a_service_that_starts_sweeps_by_itself(installed: Installed) -> None:
    async with installed.contacts() as contacts:
        await contacts.post("/organisations", {"name": "River Aid"}, key="k")
    await _three_days_pass(installed, sweep=False)
    url = installed.databases.url("contacts", "app")
    async with open_pool(url, connections=1) as pool, installed.contacts():
        async with asyncio.timeout(SECONDS):
            while await pool.fetchval("select count(*) from commands"):
                await asyncio.sleep(0.02)


async def _three_days_pass(installed: Installed, *, sweep: bool = True) -> None:
    owner = installed.databases.url("contacts", "owner")
    await _as_owner(owner, "update commands set recorded_at = recorded_at - $1::interval", WINDOW)
    async with open_store(installed.databases.url("contacts", "app"), connections=1) as store:
        head = await store.head()
    await _head_signed(owner, head.position, LATE)
    if sweep:
        await _forget(installed.databases.url("contacts", "app"))


async def _forget(url: str) -> int:
    async with open_pool(url, connections=1) as pool:
        return await Forgetting(pool).once()


async def _head_signed(owner_url: str, position: int, at: datetime) -> None:
    await _as_owner(owner_url, "insert into heads values (1, $1, $2, '', '')", position, at)


async def _as_owner(url: str, statement: str, *values: object) -> None:
    connection = await asyncpg.connect(url, timeout=SECONDS)
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()

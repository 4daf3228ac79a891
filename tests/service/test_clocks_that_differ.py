"""Fault: clocks of gateway, services and database differ. Promise: seconds harm nobody; who is further off is
refused and has changed nothing; and the order and times of events are the database's alone."""

from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import asyncpg
import pytest

from shared.clock import held_at, utc_now
from shared.eventstore.store import open_store
from shared.eventstore.verify import verify_store
from shared.principal_signing import LIFETIME_SECONDS, SKEW_SECONDS
from tests.service.deciding_world import Caller, Installed

NAME = {"name": "River Aid"}
# Half of what is allowed, so that a slow machine does not matter.
AHEAD, BEHIND = SKEW_SECONDS // 2, -LIFETIME_SECONDS // 2
TIMES = 4


@pytest.mark.parametrize("seconds", [AHEAD, 0, BEHIND])
async def test_a_gateway_some_seconds_off_is_served(contacts: Caller, seconds: int) -> None:
    with held_at(utc_now() + timedelta(seconds=seconds)):
        assert (await contacts.post("/organisations", NAME)).status == 201


@pytest.mark.parametrize("seconds", [-86_400, -LIFETIME_SECONDS - 1, 60, 86_400])
async def test_a_gateway_further_off_is_refused_and_changes_nothing(
    contacts: Caller, installed: Installed, seconds: int
) -> None:
    with held_at(utc_now() + timedelta(seconds=seconds)):
        answer = await contacts.post("/organisations", NAME)
    assert (answer.status, answer.json["code"]) == (401, "unauthenticated")
    async with open_store(installed.databases.url("contacts", "app"), connections=1) as store:
        assert (await store.head()).position == 0


async def test_replicas_whose_clocks_differ_record_by_the_databases(installed: Installed) -> None:
    before = await _databases_clock(installed)
    async with AsyncExitStack() as exits:
        with held_at(utc_now() + timedelta(seconds=LIFETIME_SECONDS // 2)):
            fast = await exits.enter_async_context(installed.contacts())
        slow = await exits.enter_async_context(installed.contacts())
        for caller in (fast, slow) * TIMES:
            assert (await caller.post("/organisations", NAME)).status == 201
        store = await exits.enter_async_context(
            open_store(installed.databases.url("contacts", "app"), connections=1)
        )
        times = [event.recorded_at for event in await store.read_all(0, 2 * TIMES)]
        assert times == sorted(times)
        assert before <= times[0] <= times[-1] <= await _databases_clock(installed)
        assert await verify_store(store, lambda _: None) == []


async def _databases_clock(installed: Installed) -> datetime:
    connection = await asyncpg.connect(installed.databases.url("contacts", "app"), timeout=10)
    try:
        now: datetime = await connection.fetchval("select clock_timestamp()")
        return now
    finally:
        await connection.close()

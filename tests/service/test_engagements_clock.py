"""Commitments fall overdue by the clock: once for each time they are due, whatever happens to the clock."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from services.engagements.clock_store import LEASE_SECONDS
from shared.eventstore.store import open_store
from shared.roles import Role
from tests.service.engagement_world import Gazette
from tests.service.test_engagements_commitments import a_promise

GONE_BY = "2020-02-01T12:00:00Z"
TAKEOVER_SECONDS = 10


@pytest.fixture
async def them(contacts, engagements):
    return await Gazette(contacts, engagements).organisation()


@pytest.fixture
async def tables(installed):
    """A line to the engagements database, as its owner."""
    connection = await asyncpg.connect(installed.databases.url("engagements", "owner"))
    yield connection
    await connection.close()


async def overdue(installed: Any, id_: Any, times: int = 1) -> Any:
    """The record's events once it fell overdue this often."""
    async with asyncio.timeout(TAKEOVER_SECONDS):
        while (told := await installed.events("engagements", id_)).count("overdue") < times:
            await asyncio.sleep(0.05)
    return told


async def read_to_the_end(tables: Any) -> Any:
    """Until the clock has read all that happened, and has had its say."""
    async with asyncio.timeout(TAKEOVER_SECONDS):
        while not await tables.fetchval(
            "select position = (select max(position) from events) from clock_checkpoint"
        ):
            await asyncio.sleep(0.05)


async def test_two_replicas_raise_it_once_and_once_more_when_it_is_due_anew(installed, them):
    organisation, ours = them
    async with installed.engagements():
        made = await ours.post("/commitments", a_promise(organisation, due_at=GONE_BY))
        assert await overdue(installed, made.id) == ["given", "overdue"]
        soon = datetime.now(UTC) + timedelta(seconds=0.2)
        body = {"reason": "Rain", "due_at": soon.isoformat()}
        await ours.post(f"/commitments/{made.id}/renegotiate", body)
        told = await overdue(installed, made.id, times=2)
        assert told == ["given", "overdue", "renegotiated", "overdue"]


async def test_what_is_closed_or_has_no_day_never_falls_overdue(installed, them, tables):
    organisation, ours = them
    open_end = await ours.post("/commitments", a_promise(organisation, due_at=None))
    items = [
        {"key": "give", "action": "create", "body": a_promise(organisation, due_at=GONE_BY)},
        {"key": "end", "action": "withdraw", "id": "@give", "body": {"reason": "Moot"}},
    ]
    closed = (await ours.batch("commitments", *items))[0]["id"]
    late = await ours.post("/commitments", a_promise(organisation, due_at=GONE_BY))
    await overdue(installed, late.id)
    await read_to_the_end(tables)
    assert "withdrawn" in await installed.events("engagements", closed)
    assert await installed.events("engagements", open_end.id) == ["given"]
    assert await tables.fetchval("select count(*) from clock_commitments where open") == 2


async def test_a_clock_that_forgets_what_it_raised_raises_it_no_second_time(
    installed, them, tables
):
    organisation, ours = them
    made = await ours.post("/commitments", a_promise(organisation, due_at=GONE_BY))
    await overdue(installed, made.id)
    await read_to_the_end(tables)
    await tables.execute("update clock_commitments set raised = false")
    other = await ours.post("/commitments", a_promise(organisation, due_at=GONE_BY))
    await overdue(installed, other.id)
    assert await installed.events("engagements", made.id) == ["given", "overdue"]


async def test_the_lease_of_a_process_that_was_killed_is_taken_over(installed, contacts, tables):
    await tables.execute(
        "update clock_lease set holder = 'dead', held_until = clock_timestamp() + $1::interval",
        timedelta(seconds=LEASE_SECONDS),
    )
    async with installed.engagements() as engagements:
        organisation, ours = await Gazette(contacts, engagements).organisation()
        made = await ours.post("/commitments", a_promise(organisation, due_at=GONE_BY))
        assert await overdue(installed, made.id) == ["given", "overdue"]


async def test_in_an_exercise_the_scenario_says_what_time_it_is(installed, them):
    organisation, ours = them
    first, last = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC)
    loader = ours.but(roles=frozenset({Role.LOADER}), scenario_time=first)
    made = await loader.post("/commitments", a_promise(organisation, due_at="2025-02-01T00:00:00Z"))
    later = await loader.but(scenario_time=last).post("/commitments", a_promise(organisation))
    assert (made.status, later.status) == (201, 201), later.json
    await overdue(installed, made.id)
    async with open_store(installed.databases.url("engagements", "app"), connections=1) as store:
        raised = (await store.load(made.id))[-1]
    assert (raised.type, raised.recorded_at) == ("commitment.overdue.v1", last)

"""Snapshots of long streams help, and are never believed more than the events they stand for."""

from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random
from typing import Any

import asyncpg
import pytest

from shared import snapshots
from shared.ids import RecordId
from shared.record_state import RecordState, fold
from shared.snapshots import recall
from tests.unit.commands.talks import CallOff, Order, Prepare, Relabel, Status, talks
from tests.unit.commands.world import OFFICER, OWNER_ONLY, World

EVERY, MANY = 3, 20
ORDERS: tuple[Order, ...] = (
    Prepare("Bring maps"),
    Prepare("Ask about the ford"),
    Relabel(label=OWNER_ONLY),
    CallOff(),
)
# What somebody could do to a snapshot who can write the table, $1 being whose it is.
FORGERIES = {
    "a byte of it is changed": "set body = set_byte(body, 40, get_byte(body, 40) # 1)",
    "it is cut short": "set body = substr(body, 1, 8)",
    "it is moved to an event before": "set version = version - 1",
    "it is moved to an event behind": "set version = version + 1",
    "it hides the event it stands at": "set position = position + 1",
    "it stands above all events": "set version = 10000, position = 10000",
    "it names nobody's keys": "set subjects = '{}'",
    "it is another record's": "set body = (select body from snapshots where stream_id <> $1 limit 1)",
}


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "EVERY_EVENTS", EVERY)


@pytest.fixture
async def owner(world: World) -> AsyncIterator[Any]:  # Any: a connection of the driver
    connection = await asyncpg.connect(world.databases.url("engagements", "owner"))
    yield connection
    await connection.close()


@pytest.fixture
async def talk(world: World) -> RecordId:
    """A long stream with a snapshot, and an event since."""
    talk = await prepared(world, MANY)
    await recall(world.kit, talks, talk)
    await world.run(talk, CallOff())
    return talk


async def prepared(world: World, times: int) -> RecordId:
    talk = await world.plan()
    for number in range(times):
        await world.run(talk, Prepare(f"Point {number}"), replace(OFFICER, subject=f"s{number}"))
    return talk


async def folded(world: World, record: RecordId) -> RecordState[Status]:
    """As all its events leave it, without any snapshot."""
    events = await world.kit.vault.open_all(await world.kit.store.load(str(record)))
    return fold(talks, record, events)


async def forget_the_past(owner: Any, talk: RecordId) -> None:  # Any: as above
    """Leave of its events only those its snapshot does not need: whoever reads all is found out."""
    await owner.execute(
        "delete from events e using snapshots s where e.stream_id = $1 and s.stream_id = $1"
        " and e.version < s.version",
        str(talk),
    )


async def test_a_long_stream_is_loaded_by_its_snapshot(world, owner, talk) -> None:
    known = await folded(world, talk)
    await forget_the_past(owner, talk)
    assert await recall(world.kit, talks, talk) == known


async def test_a_short_stream_leaves_no_snapshot(world, owner) -> None:
    await recall(world.kit, talks, await prepared(world, EVERY - 2))
    assert await owner.fetchval("select count(*) from snapshots") == 0


@pytest.mark.parametrize("seed", range(4))
async def test_after_every_order_the_state_is_that_of_all_events(world, seed: int) -> None:
    chance = Random(seed)  # to be repeated
    talk = await world.plan()
    orders = [chance.choice(ORDERS) for _ in range(MANY)]
    seen = [await _both(world, talk, order) for order in orders]
    assert [by_snapshot for by_snapshot, _ in seen] == [whole for _, whole in seen]


async def _both(world: World, talk: RecordId, order: Order) -> tuple[Any, Any]:  # Any: states
    await world.run(talk, order)
    return await recall(world.kit, talks, talk), await folded(world, talk)


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
async def test_a_forged_snapshot_changes_nothing(world, owner, talk, forgery: str) -> None:
    await recall(world.kit, talks, await prepared(world, MANY))
    changed = await owner.execute(f"update snapshots {forgery} where stream_id = $1", str(talk))
    assert changed == "UPDATE 1"
    assert await recall(world.kit, talks, talk) == await folded(world, talk)


async def test_a_snapshot_made_by_other_code_is_not_used(world, owner, talk, monkeypatch) -> None:
    await forget_the_past(owner, talk)
    monkeypatch.setattr(snapshots, "fold_version", lambda: bytes(32))
    assert await recall(world.kit, talks, talk) == await folded(world, talk)


async def test_a_snapshot_of_events_that_a_restore_undid_changes_nothing(
    world, owner, talk, monkeypatch
) -> None:
    monkeypatch.setattr(snapshots, "EVERY_EVENTS", 1_000)
    await owner.execute("delete from events where stream_id = $1 and version > 5", str(talk))
    await owner.execute("update streams set version = 5 where stream_id = $1", str(talk))
    assert await recall(world.kit, talks, talk) == await folded(world, talk)
    again = replace(OFFICER, subject="he who wrote again")
    for number in range(MANY):
        await world.run(talk, Prepare(f"Another point {number}"), again)
    assert await recall(world.kit, talks, talk) == await folded(world, talk)


async def test_a_snapshot_cannot_be_opened_once_a_key_is_destroyed(world, owner, talk) -> None:
    await world.kit.vault.destroy([talk])
    await forget_the_past(owner, talk)
    assert await recall(world.kit, talks, talk) == await folded(world, talk)

"""Who has seen a record: noted wherever records are shown, told to its owner, proved by the chain."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from services.gateway.access.account_commands import GrantAccount, RevokeGrant
from services.gateway.access.provisioning import WHY
from services.gateway.reads import book
from shared.contracts.gateway import GrantKind
from shared.eventstore.verify import verify_store
from tests.service.gateway_calls import call, keyed
from tests.service.gateway_edge import Held
from tests.service.gateway_world import World, run_world

SECONDS = 5
PROTECTED = {"level": "public", "releasable_to": [["all"]], "caveats": ["PROTECTION"]}
OWNERS = {"level": "public", "releasable_to": [], "caveats": []}


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url) as made:
        yield made


@pytest.fixture(scope="module")
async def ann(world: World) -> dict[str, str]:
    return await world.bearer("ann")


@pytest.fixture(scope="module")
async def witness(world: World) -> dict[str, str]:
    return await world.bearer("witness")


def home(world: World, name: str) -> str:
    found: str = world.people[name]["organisation_id"]
    return found


def held(world: World, **more: Any) -> Held:
    """A confidential engagement of ann's organisation."""
    given = {"owner": home(world, "ann"), "level": "confidential"} | more
    return world.services.hold("engagement", "Corridor talks", **given)


async def ordered(world: World, name: str, what: Any) -> None:
    """In force at once, as after an administrator's own request."""
    await world.order(name, what)
    world.app.state.gateway.roll.forget()


async def reads(world: World, headers: dict[str, str], record: Held, least: int) -> list[Any]:
    """As soon as there are `least`."""
    async with asyncio.timeout(SECONDS):
        while True:
            _, told = await call(world, "GET", f"/v1/records/{record.id}/reads", headers)
            if len(told["items"]) >= least:
                found: list[Any] = told["items"]
                return found
            await asyncio.sleep(0.1)


async def test_the_owner_is_told_who_has_seen_a_record_and_how(world: World, ann, witness) -> None:
    record = held(world)
    await call(world, "GET", f"/v1/engagements/{record.id}", witness)
    await call(world, "GET", f"/v1/engagements?ids={record.id}", ann)
    listed, read = await reads(world, ann, record, 2)
    assert (read["way"], read["organisation"]) == ("read", home(world, "witness"))
    assert (read["account"], read["name"]) == ("witness", None)
    assert (listed["way"], listed["name"]) == ("list", "Ann")
    assert read["groups"] == ["base"]


async def test_an_entry_is_itself_labelled_for_the_owner_alone(world: World, ann) -> None:
    record = held(world)
    await call(world, "GET", f"/v1/records/{record.id}", ann)
    [entry] = await reads(world, ann, record, 1)
    assert entry["label"] == {"level": "confidential", "releasable_to": [], "caveats": []}


async def test_what_lies_at_the_base_level_is_not_noted(world: World, ann) -> None:
    plain, kept = held(world, level="unclassified"), held(world)
    for each in (plain, kept):
        await call(world, "GET", f"/v1/records/{each.id}", ann)
    await reads(world, ann, kept, 1)
    assert await reads(world, ann, plain, 0) == []


async def test_looking_again_at_the_same_is_noted_once_and_a_new_version_again(
    world: World, ann
) -> None:
    record = held(world)
    await call(world, "GET", f"/v1/records/{record.id}", ann)
    await call(world, "GET", f"/v1/records/{record.id}", ann)
    record.view_version += 1
    await call(world, "GET", f"/v1/records/{record.id}", ann)
    assert len(await reads(world, ann, record, 2)) == 2


async def test_what_the_gateway_looks_at_for_itself_is_no_read(world: World, ann) -> None:
    record = held(world)
    headers = keyed(ann) | {"If-Match": '"not-the-version"'}
    answer, _ = await call(world, "POST", f"/v1/engagements/{record.id}/amend", headers, {})
    assert answer.status == 412
    await call(world, "GET", f"/v1/records/{record.id}", ann)
    [entry] = await reads(world, ann, record, 1)
    assert entry["way"] == "read"


async def test_a_portion_that_whoever_asks_does_not_read_is_not_mentioned(
    world: World, ann, witness
) -> None:
    record = held(world, group_labels={"identity": PROTECTED, "source": OWNERS})
    await ordered(world, "witness", GrantAccount(GrantKind.CAVEAT, "PROTECTION", WHY))
    await call(world, "GET", f"/v1/records/{record.id}", witness)
    assert [one["groups"] for one in await reads(world, ann, record, 1)] == [["base"]]
    await ordered(world, "ann", GrantAccount(GrantKind.CAVEAT, "PROTECTION", WHY))
    assert [set(one["groups"]) for one in await reads(world, ann, record, 1)] == [
        {"base", "identity"}
    ]
    await ordered(world, "ann", RevokeGrant(GrantKind.CAVEAT, "PROTECTION", WHY))


async def test_hidden_and_absent_answer_alike_and_others_than_the_owner_are_refused(
    world: World, ann, witness
) -> None:
    hidden = held(world, readers={"nobody"})
    absent = hidden.id[:-4] + "0000"
    told = [
        await call(world, "GET", f"/v1/records/{each}/reads", ann) for each in (hidden.id, absent)
    ]
    assert [(answer.status, body["code"], body["detail"]) for answer, body in told] == [
        (404, "not_found", told[0][1]["detail"])
    ] * 2
    answer, _ = await call(world, "GET", f"/v1/records/{held(world).id}/reads", witness)
    assert answer.status == 403


async def test_pages_hold_every_read_once(world: World, ann) -> None:
    record = held(world)
    for _ in range(5):
        record.view_version += 1
        await call(world, "GET", f"/v1/records/{record.id}", ann)
    every = [entry["at"] for entry in await reads(world, ann, record, 5)]
    path, found = f"/v1/records/{record.id}/reads?page_size=2", []
    cursor: str | None = ""
    while cursor is not None:
        _, page = await call(world, "GET", path + (f"&cursor={cursor}" if cursor else ""), ann)
        found += [entry["at"] for entry in page["items"]]
        cursor = page["next_cursor"]
    assert found == every


async def test_reads_are_in_the_chain_and_their_rows_are_what_its_events_say(
    world: World, ann
) -> None:
    record = held(world)
    await call(world, "GET", f"/v1/records/{record.id}", ann)
    before = await reads(world, ann, record, 1)
    store = world.app.state.gateway.access.kit.store
    events = [one for one in await store.read_all(0, 10_000) if one.type == "reads.noted.v1"]
    assert any(record.id.encode() in one.data for one in events)
    assert await verify_store(store, lambda _: None) == []
    await world.sql("delete from read_log where record_id = $1", record.id)
    await world.sql("update access_followed set position = 0")
    assert await reads(world, ann, record, 1) == before


async def test_the_service_itself_cannot_take_a_read_back(world: World) -> None:
    pool = world.app.state.gateway.pool
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("delete from read_log")


async def test_nothing_is_shown_that_cannot_be_noted_and_all_else_is(
    world: World, ann, monkeypatch
) -> None:
    monkeypatch.setattr(book, "ROOM", 0)
    answer, _ = await call(world, "GET", f"/v1/records/{held(world).id}", ann)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
    plain = held(world, level="unclassified")
    answer, _ = await call(world, "GET", f"/v1/records/{plain.id}", ann)
    assert answer.status == 200

"""Emergency access: opened by a person who has just signed in, loud, noted read by read, over by itself."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.gateway.emergency import acting
from services.gateway.reads import book
from tests.service.emergency_world import (
    ASKED,
    PROTECTED,
    closed,
    emergency_world,
    groups_seen,
    opened,
    protected,
    signed_in,
)
from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World

NOTED = ("/history", "", "/access")


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with emergency_world(layout, postgres, nats) as made:
        yield made


async def test_it_opens_what_it_names_for_its_time_and_is_closed_at_will(world: World) -> None:
    duty, record = await signed_in(world, "duty"), protected(world)
    assert await groups_seen(world, duty.cookie, record) == []
    made = await opened(world, duty)
    assert (made["open"], made["caveats"]) == (True, ["PROTECTION"])
    assert await groups_seen(world, duty.cookie, record) == ["identity"]
    _, closed = await call(world, "POST", f"/v1/break_glass/{made['id']}/close", duty.writing)
    assert closed["open"] is False
    assert await groups_seen(world, duty.cookie, record) == []


async def test_every_look_is_noted_before_it_is_shown_and_told_to_the_owner_at_once(
    world: World,
) -> None:
    duty, record = await signed_in(world, "duty"), protected(world)
    ann = await world.bearer("ann")
    await opened(world, duty)
    before = len((await call(world, "GET", "/v1/break_glass/reads", ann))[1]["items"])
    for _ in range(2):
        await groups_seen(world, duty.cookie, record)
    store = world.app.state.gateway.access.kit.store
    noted = [one for one in await store.read_all(0, 10_000) if record.id.encode() in one.data]
    assert len(noted) >= 2
    async with asyncio.timeout(5):
        while True:
            # Ann reads the record, and not the portion that was opened: she is told of the record.
            _, told = await call(world, "GET", "/v1/break_glass/reads", ann)
            if len(told["items"]) == before + 2:
                break
            await asyncio.sleep(0.1)
    latest = told["items"][0]
    assert (latest["record"], latest["reason"]) == (record.id, ASKED["reason"])
    assert (latest["account"], latest["groups"]) == ("duty", ["base"])


async def test_what_cannot_be_noted_in_time_is_not_shown(world: World, monkeypatch) -> None:
    duty, record = await signed_in(world, "reserve"), protected(world)
    await opened(world, duty)
    monkeypatch.setattr(book, "URGENT_SECONDS", 0.0)
    answer, _ = await call(world, "GET", f"/v1/records/{record.id}", duty.cookie)
    assert answer.status == 503


@pytest.mark.parametrize("path", ["/edges", "/removal", "/history", "", "/access"])
async def test_of_a_record_it_opens_only_what_is_noted(world: World, path: str) -> None:
    duty, record = await signed_in(world, "duty"), protected(world)
    await opened(world, duty)
    await call(world, "GET", f"/v1/records/{record.id}{path}", duty.cookie)
    told = world.services.heard[-1].principal.opened
    assert told == (frozenset({"PROTECTION"}) if path in NOTED else frozenset())


@pytest.mark.parametrize(
    "path",
    ["records/map?bbox=31,9,32,10", "records/suggest?q=a", "changes", "engagements/overlaps?"
     "starts_at=2030-01-01T09:00:00Z&parties=organisation_00000000000000000000000001"],
)  # fmt: skip
async def test_where_records_are_not_named_it_opens_nothing(world: World, path: str) -> None:
    duty = await signed_in(world, "duty")
    await opened(world, duty)
    await call(world, "GET", f"/v1/{path}", duty.cookie)
    assert world.services.heard[-1].principal.subject == "duty"
    assert world.services.heard[-1].principal.opened == frozenset()


async def test_it_never_opens_sources(world: World) -> None:
    duty = await signed_in(world, "duty")
    record = protected(world, group_labels={"source": PROTECTED})
    await opened(world, duty)
    assert await groups_seen(world, duty.cookie, record) == []
    await closed(world, duty)
    answer, told = await call(
        world, "POST", "/v1/break_glass", duty.writing, ASKED | {"caveats": ["SOURCE"]}
    )
    assert (answer.status, told["errors"][0]["pointer"]) == (422, "/caveats")


async def test_it_serves_no_machine_and_no_writing(world: World) -> None:
    duty, record = await signed_in(world, "duty"), protected(world)
    machine = await world.bearer("duty")
    answer, _ = await call(world, "POST", "/v1/break_glass", keyed(machine), ASKED)
    assert answer.status == 403
    await opened(world, duty)
    assert await groups_seen(world, machine, record) == []
    await call(world, "POST", f"/v1/engagements/{record.id}/confirm", duty.writing, {})
    assert world.services.heard[-1].principal.caveats == frozenset()
    assert world.services.heard[-1].principal.opened == frozenset()


async def test_it_takes_a_fresh_sign_in_and_a_role_the_mission_names(
    world: World, monkeypatch
) -> None:
    duty, ann = await signed_in(world, "duty"), await signed_in(world, "ann")
    monkeypatch.setattr(acting, "FRESH", timedelta())
    answer, told = await call(world, "POST", "/v1/break_glass", duty.writing, ASKED)
    assert (answer.status, told["code"]) == (403, "sign_in_again")
    answer, told = await call(world, "POST", "/v1/break_glass", ann.writing, ASKED)
    assert (answer.status, told["code"]) == (403, "forbidden")


async def test_what_was_read_under_it_is_told_look_by_look(world: World) -> None:
    duty, officer = await signed_in(world, "duty"), await signed_in(world, "officer")
    made, record = await opened(world, duty), protected(world)
    hidden = protected(world, readers={"duty"})
    for one in (record, record, hidden):
        await groups_seen(world, duty.cookie, one)
    path = f"/v1/break_glass/{made['id']}/reads"
    items: list[Any] = []
    async with asyncio.timeout(5):
        while len(items) < 3:
            _, told = await call(world, "GET", path, officer.cookie)
            items = told["items"]
    # What the officer may not read is not named; that there was a look is.
    assert [one["record"] for one in items] == [None, record.id, record.id]
    assert [one["groups"] for one in items] == [[], ["base"], ["base"]]
    assert items[0].keys() == items[1].keys()
    _, first = await call(world, "GET", f"{path}?page_size=2", officer.cookie)
    _, rest = await call(
        world, "GET", f"{path}?page_size=2&cursor={first['next_cursor']}", officer.cookie
    )
    assert first["items"] + rest["items"] == items


async def test_one_is_open_at_a_time_and_asking_again_is_the_same(world: World) -> None:
    duty = await signed_in(world, "duty")
    await opened(world, duty)
    answer, told = await call(world, "POST", "/v1/break_glass", duty.writing, ASKED)
    assert (answer.status, told["code"]) == (409, "open_already")
    await closed(world, duty)
    once = duty.writing
    made = [(await call(world, "POST", "/v1/break_glass", once, ASKED))[1] for _ in range(2)]
    assert made[0]["id"] == made[1]["id"]


async def test_security_officers_see_all_of_it_and_review_what_is_over(world: World) -> None:
    duty, officer = await signed_in(world, "duty"), await signed_in(world, "officer")
    made = await opened(world, duty)
    path, review = f"/v1/break_glass/{made['id']}", {"finding": "justified", "note": "In time"}
    answer, _ = await call(world, "POST", f"{path}/review", officer.writing, review)
    assert answer.status == 409
    await call(world, "POST", f"{path}/close", officer.writing)
    _, told = await call(world, "POST", f"{path}/review", officer.writing, review)
    assert (told["finding"], told["reviewed_by"], told["closed_by"]) == (
        "justified",
        "officer",
        "officer",
    )
    answer, _ = await call(world, "POST", f"{path}/review", duty.writing, review)
    assert answer.status == 403
    _, listed = await call(world, "GET", "/v1/break_glass", officer.cookie)
    assert made["id"] in [one["id"] for one in listed["items"]]


async def test_to_everybody_else_it_is_not_there(world: World) -> None:
    made = await opened(world, await signed_in(world, "duty"))
    ann = await world.bearer("ann")
    absent = made["id"][:-4] + "0000"
    for method, end in (("GET", ""), ("POST", "/close"), ("POST", "/review")):
        told = [
            await call(world, method, f"/v1/break_glass/{each}{end}", keyed(ann), {})
            for each in (made["id"], absent)
        ]
        assert [answer.status for answer, _ in told] == [404, 404]
        assert told[0][1]["detail"] == told[1][1]["detail"]
    assert (await call(world, "GET", "/v1/break_glass", ann))[1]["items"] == []

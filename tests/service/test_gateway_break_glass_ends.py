"""Emergency access ends: by its hour, by its button, with the right to it; and what it showed stays noted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from services.gateway.access.account_commands import RevokeGrant
from services.gateway.access.accounts import Emergency
from shared.clock import utc_now
from shared.contracts.gateway import GrantKind
from shared.ids import Kind, RecordId
from shared.roles import Role
from tests.service.emergency_world import (
    closed,
    emergency_world,
    groups_seen,
    opened,
    protected,
    signed_in,
)
from tests.service.gateway_calls import call
from tests.service.gateway_world import World, run_replica
from tests.unit.access_builders import WHY

REVOCATION_SECONDS = 5


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with emergency_world(layout, postgres, nats) as made:
        yield made


async def test_it_is_over_at_its_moment_and_not_before(world: World) -> None:
    gateway, now = world.app.state.gateway, utc_now()
    lasting = Emergency(str(RecordId.new(Kind.GLASS)), frozenset({"PROTECTION"}), now)
    known = replace(await gateway.roll.person("duty"), emergencies=(lasting,))
    before = known.in_emergency(now - timedelta(microseconds=1), gateway.policy)
    assert (before.caveats, str(before.under)) == (frozenset({"PROTECTION"}), lasting.id)
    assert known.in_emergency(now, gateway.policy) == known.principal


async def test_what_is_closed_on_one_gateway_is_closed_on_all(world: World) -> None:
    duty, record = await signed_in(world, "duty"), protected(world)
    async with run_replica(world) as other:
        await opened(world, duty)
        assert await groups_seen(other, duty.cookie, record) == ["identity"]
        await closed(world, duty)
        async with asyncio.timeout(REVOCATION_SECONDS):
            while await groups_seen(other, duty.cookie, record):
                await asyncio.sleep(0.1)


async def test_it_is_over_with_the_role_that_gave_the_right_to_it(world: World) -> None:
    reserve, record = await signed_in(world, "reserve"), protected(world)
    await opened(world, reserve)
    assert await groups_seen(world, reserve.cookie, record) == ["identity"]
    await world.order("reserve", RevokeGrant(GrantKind.ROLE, Role.OPERATIONS, WHY))
    async with asyncio.timeout(REVOCATION_SECONDS):
        while await groups_seen(world, reserve.cookie, record):
            await asyncio.sleep(0.1)


async def test_every_way_of_reading_is_noted_under_it_and_stays_noted(world: World) -> None:
    duty, ann, record = await signed_in(world, "duty"), await world.bearer("ann"), protected(world)
    made = await opened(world, duty)
    for path in (f"records/{record.id}", f"records?ids={record.id}"):
        await call(world, "GET", f"/v1/{path}", duty.cookie)
    await closed(world, duty)
    told: list[dict[str, str]] = []
    async with asyncio.timeout(REVOCATION_SECONDS):
        while len(told) < 2:
            _, page = await call(world, "GET", f"/v1/records/{record.id}/reads", ann)
            told = page["items"]
    assert {(one["way"], one["emergency"]) for one in told} == {
        ("read", made["id"]),
        ("list", made["id"]),
    }

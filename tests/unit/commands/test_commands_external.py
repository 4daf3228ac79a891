"""Records named by a partner's own id: one id, one record, and none that shows a hidden one."""

import asyncio

from shared.commands import Outcome
from shared.commands_external import create_external, put_external
from shared.policy import WireLabel
from shared.principal import Principal
from shared.values import ExternalId
from tests.unit.commands.talks import CallOff, Plan, Relabel, talks
from tests.unit.commands.world import (
    CLERK,
    FOR_MIL,
    OFFICER,
    STRANGER,
    World,
    request,
)

CRM = ExternalId(system="crm", id="4711")


async def put(world: World, by: Principal = OFFICER, **more: object) -> Outcome:
    create, amend = Plan(label=FOR_MIL), CallOff()
    return await put_external(world.kit, talks, CRM, create, amend, request(create, by, **more))


async def test_a_put_creates_and_then_amends_the_same_record(world: World) -> None:
    first = await put(world)
    second = await put(world)
    third = await put(world)

    assert first.id == second.id == third.id
    assert [first.outcome, second.outcome, third.outcome] == ["created", "amended", "unchanged"]


async def test_puts_at_once_make_one_record(world: World) -> None:
    outcomes = await asyncio.gather(put(world), put(world), put(world))

    assert len({outcome.id for outcome in outcomes}) == 1


async def test_an_external_id_means_each_organisations_own_record(world: World) -> None:
    ours = await put(world)
    theirs = await put(world, by=STRANGER)

    assert ours.id != theirs.id


async def test_a_put_steps_over_a_record_its_caller_cannot_read(world: World) -> None:
    hidden = await put(world)
    await world.run(
        hidden.id, Relabel(label=WireLabel(level="confidential", caveats=("OWN_SIDE",)))
    )

    fresh = await put(world, by=CLERK)

    assert (fresh.outcome, fresh.id != hidden.id) == ("created", True)


async def test_a_post_with_a_known_external_id_makes_another_record(world: World) -> None:
    first = await put(world)
    order = Plan(label=FOR_MIL)

    second = await create_external(world.kit, talks, CRM, order, request(order, OFFICER))

    assert (second.outcome, second.id != first.id) == ("created", True)

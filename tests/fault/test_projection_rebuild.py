"""Faults of projecting, and the promises kept: I9, I10, I13."""

from collections.abc import AsyncIterator

import pytest

from services.reporting.digest import digest_of
from services.reporting.projecting import GenerationChangedError, RecordsProjection
from shared.contracts.contacts import OrganisationAliasAdded
from shared.contracts.engagements import (
    EngagementConfirmed,
    EngagementDebriefed,
    EngagementHeld,
    EngagementRelabelled,
    ParticipantNamed,
    PlacePinned,
    PreparationNoted,
)
from shared.contracts.event import Group
from shared.ids import Kind, RecordId
from shared.labels import to_json
from shared.projection import Checkpoint, OvertakenError, project
from shared.values import Name, Point, Text, When
from tests.service.reporting_world import (
    ALL,
    MIL,
    NINE,
    UN,
    World,
    open_world,
    planned,
    reader,
    registered,
    with_organisation,
)


@pytest.fixture
async def world(postgres, layout) -> AsyncIterator[World]:
    async with open_world(postgres, layout) as opened:
        yield opened


async def _write_a_bit_of_everything(world: World) -> None:
    herders = await world.append(Kind.ORGANISATION, registered("Invented Herders"))
    await world.append(herders, OrganisationAliasAdded(alias=Name(text="Herders' Union")))
    engagement = await world.append(
        Kind.ENGAGEMENT,
        planned(base=ALL, own_side=MIL, participants=with_organisation(herders)),
        ParticipantNamed(person_id=RecordId.new(Kind.PERSON), name=Name(text="Invented Person")),
        PlacePinned(point=Point(lat=9.5, lon=-0.0)),
        PreparationNoted(red_lines=(Text(text="no escort", lang="en"),)),
    )
    await world.append(engagement, EngagementRelabelled(labels={Group.BASE: to_json(UN)}))
    await world.append(
        engagement, EngagementConfirmed(), EngagementHeld(when=When.lasting(NINE, 5))
    )
    await world.append(
        engagement, EngagementDebriefed(summary=Text(text="It went well", lang="en"))
    )


async def _digest(world: World, generation: int) -> dict[str, str]:
    async with world.projector.acquire() as connection:
        return await digest_of(connection, generation)


async def test_a_rebuild_in_one_batch_equals_the_live_model_made_event_by_event(
    world: World,
) -> None:
    await _write_a_bit_of_everything(world)
    await world.catch_up(at_once=1)
    await world.projector.execute("select create_generation(2)")
    await world.catch_up(2)
    live, rebuilt = await _digest(world, 1), await _digest(world, 2)
    assert live == rebuilt
    assert len(set(live.values())) == len(live)


async def test_an_overtaken_projector_cannot_write(world: World) -> None:
    await _write_a_bit_of_everything(world)
    await world.catch_up()
    before = await _digest(world, 1)
    source = world.sources["engagements"]
    zombie = RecordsProjection(1, source, world.book, live=True)
    events = await world.events("engagements")
    async with world.projector.acquire() as connection:
        with pytest.raises(OvertakenError):
            await project(connection, zombie, "engagements", Checkpoint(0, 0), events)
    assert await _digest(world, 1) == before


async def test_a_projection_that_fails_midway_leaves_tables_and_checkpoint_as_they_were(
    world: World,
) -> None:
    await world.append(Kind.ENGAGEMENT, planned(base=ALL))
    await world.catch_up()
    before = await _digest(world, 1)
    await world.append(Kind.ENGAGEMENT, planned(base=ALL))
    await world.projector.execute("update generations set active = 7")
    with pytest.raises(GenerationChangedError):
        await world.catch_up()
    await world.projector.execute("update generations set active = 1")
    assert await _digest(world, 1) == before
    await world.catch_up()
    assert len(await world.list(reader("un"))) == 2


async def test_a_record_whose_key_is_destroyed_becomes_a_tombstone(world: World) -> None:
    engagement = await world.append(
        Kind.ENGAGEMENT, planned("Secret talks", base=ALL), PlacePinned(point=Point(lat=1, lon=2))
    )
    await world.sealing["engagements"].destroy([engagement])
    await world.catch_up()
    seen = await world.see(reader("un"), engagement)
    assert seen["title"]["text"] is None
    assert seen["erased"] is True
    assert seen["exact_place"] == {"erased": True}
    assert await world.list(reader("un"), q="secret") == []

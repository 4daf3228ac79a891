"""Counts come from what is tallied by kind and label, and are those of the lists they stand above."""

from collections.abc import AsyncIterator

import pytest

from services.reporting.filters import Filters
from services.reporting.queries.records import count_records
from shared.contracts.contacts import OrganisationRelabelled
from shared.contracts.engagements import EngagementRelabelled
from shared.contracts.event import Group
from shared.contracts.records import RecordExtracted
from shared.ids import Kind
from shared.labels import to_json
from shared.principal import Principal
from tests.service.reporting_world import (
    ALL,
    MIL,
    UN,
    World,
    open_world,
    planned,
    reader,
    registered,
)

SOLDIER, AGENCY, BOTH, NOBODY = reader("mil"), reader("un"), reader("mil", "un"), reader(level=0)
READERS = (SOLDIER, AGENCY, BOTH, NOBODY)
KINDS: tuple[tuple[str, ...], ...] = (
    (),
    ("engagement",),
    ("organisation", "engagement"),
    ("post",),
)
TALLIED = "select kind, label_id, records from g1.tallies where records <> 0 order by 1, 2"
COUNTED = "select kind, label_id, count(*) as records from g1.records group by 1, 2 order by 1, 2"


@pytest.fixture
async def world(postgres, layout) -> AsyncIterator[World]:
    async with open_world(postgres, layout) as opened:
        yield opened


async def counts(world: World, principal: Principal) -> list[int]:
    async with world.snapshot(principal) as snapshot:
        return [await count_records(snapshot, Filters(kind=kinds)) for kinds in KINDS]


async def lengths(world: World, principal: Principal) -> list[int]:
    return [len(await world.list(principal, kind=kinds)) for kinds in KINDS]


async def check_counts(world: World) -> None:
    for walls in (world, world.without_predicate()):
        for principal in READERS:
            assert await counts(walls, principal) == await lengths(walls, principal)


async def test_a_count_is_that_of_the_list_for_every_reader(world: World) -> None:
    for base in (MIL, MIL, UN, ALL):
        await world.append(Kind.ENGAGEMENT, planned(base=base))
        await world.append(Kind.ORGANISATION, registered(base=base))
    await world.catch_up()
    await check_counts(world)
    assert await counts(world, SOLDIER) == [6, 3, 6, 0]
    assert await counts(world, NOBODY) == [0, 0, 0, 0]


async def test_what_is_tallied_follows_records_to_other_labels(world: World) -> None:
    engagement = await world.append(Kind.ENGAGEMENT, planned(base=MIL))
    organisation = await world.append(Kind.ORGANISATION, registered(base=UN))
    await world.catch_up()
    before = await world.projector.fetch(TALLIED)
    assert before == await world.projector.fetch(COUNTED)
    to_un, to_mil = ({Group.BASE: to_json(label)} for label in (UN, MIL))
    await world.append(engagement, EngagementRelabelled(labels=to_un))
    await world.append(organisation, OrganisationRelabelled(labels=to_mil))
    await world.catch_up()
    after = await world.projector.fetch(TALLIED)
    assert after == await world.projector.fetch(COUNTED)
    assert after != before
    await check_counts(world)


async def test_an_override_is_taken_from_the_count_before_the_documents_know(world: World) -> None:
    engagement = await world.append(Kind.ENGAGEMENT, planned(base=ALL))
    await world.append(Kind.ENGAGEMENT, planned(base=ALL))
    await world.catch_up()
    await world.append(engagement, EngagementRelabelled(labels={Group.BASE: to_json(MIL)}))
    await world.override()
    assert await counts(world, AGENCY) == [1, 1, 1, 0]
    assert await counts(world, SOLDIER) == [2, 2, 2, 0]
    await check_counts(world)


async def test_an_extract_is_counted_for_those_alone_who_do_not_read_its_source(
    world: World,
) -> None:
    source = await world.append(Kind.ENGAGEMENT, planned(base=MIL))
    extract = await world.append(Kind.ENGAGEMENT, planned(base=ALL))
    await world.append(source, RecordExtracted(extract=extract))
    await world.catch_up()
    assert await counts(world, SOLDIER) == [1, 1, 1, 0]
    assert await counts(world, AGENCY) == [1, 1, 1, 0]
    assert await counts(world, BOTH) == [1, 1, 1, 0]
    await check_counts(world)

"""Suggested attendees and overlapping plans: help that never tells of what its reader may not see."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.reporting.queries.attending import Meeting, Occasion, overlapping, suggested
from shared.contracts.contacts import OrganisationMerged
from shared.contracts.engagements import (
    CancelReason,
    EngagementCancelled,
    ParticipantLinked,
    ParticipantNamed,
)
from shared.contracts.event import Group
from shared.contracts.people import PersonRegistered
from shared.ids import Kind, RecordId
from shared.labels import to_json
from shared.principal import Principal
from shared.values import Name, Text, When
from tests.service.reporting_world import (
    ALL,
    MALAKAL,
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

SOLDIER, AGENCY = reader("mil"), reader("un")
WINDOW = timedelta(hours=48)
PERSON_GROUPS = (Group.BASE, Group.IDENTITY, Group.PROTOCOL, Group.PRIVATE)


@pytest.fixture
async def world(postgres, layout) -> AsyncIterator[World]:
    async with open_world(postgres, layout) as opened:
        yield opened


def a_person(base: Any = ALL) -> PersonRegistered:
    described = Text(text="Chief of the market", lang="en")
    return PersonRegistered(
        described_as=described, labels={group: to_json(base) for group in PERSON_GROUPS}
    )


def meeting(who: RecordId, base: Any = MIL, **more: Any) -> Any:
    return planned(base=base, participants=with_organisation(who), **more)


async def suggestions(world: World, principal: Principal, **known: Any) -> list[str]:
    async with world.snapshot(principal) as snapshot:
        rows = await suggested(snapshot, Occasion(**known), NINE, 10)
    return [row["to_id"] for row in rows]


async def overlaps(
    world: World, principal: Principal, *parties: RecordId, at: Any = NINE, besides: str = ""
) -> list[tuple[str, list[str]]]:
    plan = Meeting([str(one) for one in parties], at, at + timedelta(hours=1), besides)
    async with world.snapshot(principal) as snapshot:
        rows = await overlapping(snapshot, plan, WINDOW)
    return [(row["record_id"], row["parties"]) for row in rows]


async def test_whom_one_met_in_the_series_comes_before_whom_one_met_there_and_lately(
    world: World,
) -> None:
    lately, there, series = [
        await world.append(Kind.ORGANISATION, registered(name)) for name in ("One", "Two", "Three")
    ]
    elsewhere = MALAKAL.model_copy(update={"place_id": RecordId.new(Kind.PLACE)})
    await world.append(Kind.ENGAGEMENT, meeting(lately, place=elsewhere))
    await world.append(Kind.ENGAGEMENT, meeting(there))
    await world.append(Kind.ENGAGEMENT, meeting(series, place=elsewhere, series="Weekly"))
    await world.catch_up()
    occasion = {"place_id": str(MALAKAL.place_id), "series": "Weekly"}
    assert await suggestions(world, SOLDIER, **occasion) == [str(series), str(there), str(lately)]


async def test_a_hidden_meeting_suggests_nobody(world: World) -> None:
    other = await world.append(Kind.ORGANISATION, registered())
    await world.append(Kind.ENGAGEMENT, meeting(other))
    await world.catch_up()
    assert await suggestions(world, AGENCY) == []
    assert await suggestions(world, SOLDIER) == [str(other)]


async def test_a_hidden_attendee_is_not_suggested(world: World) -> None:
    other = await world.append(Kind.ORGANISATION, registered(base=UN))
    await world.append(Kind.ENGAGEMENT, meeting(other, base=ALL))
    await world.catch_up()
    assert await suggestions(world, SOLDIER) == []
    assert await suggestions(world, AGENCY) == [str(other)]


async def test_another_plan_to_meet_the_same_within_the_window_is_pointed_out(world: World) -> None:
    other = await world.append(Kind.ORGANISATION, registered())
    theirs = await world.append(Kind.ENGAGEMENT, meeting(other))
    await world.append(Kind.ENGAGEMENT, meeting(other, when=When.lasting(NINE + 2 * WINDOW, 60)))
    await world.catch_up()
    assert await overlaps(world, SOLDIER, other) == [(str(theirs), [str(other)])]
    assert await overlaps(world, SOLDIER, other, besides=str(theirs)) == []
    assert await overlaps(world, SOLDIER, RecordId.new(Kind.ORGANISATION)) == []


async def test_a_hidden_plan_overlaps_with_nothing(world: World) -> None:
    other = await world.append(Kind.ORGANISATION, registered())
    await world.append(Kind.ENGAGEMENT, meeting(other))
    await world.catch_up()
    assert await overlaps(world, AGENCY, other) == []


async def test_what_was_called_off_overlaps_with_nothing(world: World) -> None:
    other = await world.append(Kind.ORGANISATION, registered())
    off = EngagementCancelled(cancel_reason=CancelReason.ROUTES)
    await world.append(Kind.ENGAGEMENT, meeting(other), off)
    await world.catch_up()
    assert await overlaps(world, SOLDIER, other) == []


async def test_a_person_known_by_name_overlaps_once_linked_for_who_reads_the_identity(
    world: World,
) -> None:
    person = await world.append(Kind.PERSON, a_person())
    link = ParticipantLinked(provisional_id=RecordId.new(Kind.PERSON), person_id=person)
    plan = planned(base=ALL, identity=MIL)
    theirs = await world.append(Kind.ENGAGEMENT, plan, *linked(link))
    await world.catch_up()
    assert await overlaps(world, SOLDIER, person) == [(str(theirs), [str(person)])]
    assert await overlaps(world, AGENCY, person) == []


def linked(link: ParticipantLinked) -> tuple[Any, ...]:
    name = Name(text="Invented Person", lang="en")
    return (ParticipantNamed(person_id=link.provisional_id, name=name), link)


async def test_who_asks_for_a_party_gets_those_merged_into_it_too(world: World) -> None:
    one = await world.append(Kind.ORGANISATION, registered("Invented Relief"))
    other = await world.append(Kind.ORGANISATION, registered("Invented Releif"))
    merged = OrganisationMerged(into=one, labels={Group.BASE: to_json(MIL)})
    await world.append(other, merged)
    met = await world.append(Kind.ENGAGEMENT, meeting(other, base=ALL))
    await world.catch_up()
    kinds = ("engagement",)
    assert await world.list(SOLDIER, party=one, kind=kinds) == [str(met)]
    assert await world.list(AGENCY, party=one, kind=kinds) == []

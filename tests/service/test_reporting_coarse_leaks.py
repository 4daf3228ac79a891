"""No question leads from the coarse form to the exact time or place: ranges, pages, references, news."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.reporting.filters import Bounds, Filters, Page
from services.reporting.queries.attending import Meeting, Occasion, overlapping, suggested
from services.reporting.queries.edges import edges_of
from services.reporting.queries.records import count_records, list_records
from shared.contracts.contacts import PlaceLevel, PlaceRegistered
from shared.contracts.engagements import (
    EngagementAmended,
    EngagementType,
    PlacePinned,
)
from shared.contracts.event import Group
from shared.ids import Kind, RecordId
from shared.labels import to_json
from shared.principal import Principal
from shared.values import Name, Point, Text, When
from tests.service.coarse_world import (
    AGENCY,
    BOTH,
    CAMP,
    CAMP_ID,
    ENGAGEMENTS,
    LATER,
    SOLDIER,
    begun,
    everything,
    exact,
    told,
)
from tests.service.reporting_world import (
    ALL,
    NINE,
    World,
    open_world,
    registered,
    with_organisation,
)


@pytest.fixture(params=["both walls", "the second wall alone"])
async def world(request, postgres, layout) -> AsyncIterator[World]:
    async with open_world(postgres, layout) as opened:
        yield opened if request.param == "both walls" else opened.without_predicate()


@pytest.fixture
async def talks(world: World) -> RecordId:
    return await begun(world)


@pytest.mark.parametrize("principal", [SOLDIER, AGENCY], ids=["exact", "coarse"])
async def test_a_range_of_time_cannot_be_narrowed_below_the_day(
    world: World, talks: RecordId, principal: Principal
) -> None:
    """Whoever asks: an order or a count that knew more for some would be a cursor that does."""
    midnight = NINE.replace(hour=0)
    for hour in range(24):
        since = midnight + timedelta(hours=hour)
        narrow = Filters(kind=("engagement",), since=since, until=since + timedelta(hours=1))
        async with world.snapshot(principal) as snapshot:
            assert await count_records(snapshot, narrow) == (hour == 0)


async def test_a_cursor_holds_the_day(world: World, talks: RecordId) -> None:
    await world.append(Kind.ENGAGEMENT, exact("Later talks", LATER))
    await world.catch_up()
    async with world.snapshot(AGENCY) as snapshot:
        listed = await list_records(snapshot, ENGAGEMENTS, Page(sort="starts_at", size=1))
    assert listed.next
    assert listed.next.value == "2030-01-02 00:00:00+00"


async def test_no_reference_leads_to_the_exact_place(world: World, talks: RecordId) -> None:
    camp = PlaceRegistered(
        name=Name(text="Hidden Camp"), level=PlaceLevel.SETTLEMENT, area="SS080103",
        labels={Group.BASE: to_json(ALL)},
    )  # fmt: skip
    await world.append(CAMP_ID, camp)
    await world.catch_up()
    for principal, found in ((SOLDIER, 1), (AGENCY, 0)):
        async with world.snapshot(principal) as snapshot:
            edges = [
                *await edges_of(snapshot, str(talks)),
                *await edges_of(snapshot, str(CAMP_ID)),
            ]
        assert len([one for one in edges if one["kind"] == "place"]) == 2 * found


async def test_suggestions_and_overlaps_know_the_day_and_no_place(world: World) -> None:
    relief = await world.append(Kind.ORGANISATION, registered())
    met = exact("Talks").model_copy(update={"participants": with_organisation(relief)})
    await world.append(Kind.ENGAGEMENT, met)
    await world.catch_up()
    one = timedelta(hours=1)
    for principal in (SOLDIER, AGENCY):
        async with world.snapshot(principal) as snapshot:
            (who,) = await suggested(snapshot, Occasion(place_id=str(CAMP_ID)), NINE, 5)
            at_nine = await overlapping(snapshot, Meeting([str(relief)], NINE, NINE), one)
            dawn = NINE.replace(hour=0)
            at_midnight = await overlapping(snapshot, Meeting([str(relief)], dawn, dawn), one)
        assert not who["same_place"]
        assert (len(at_nine), len(at_midnight)) == (0, 1)


@pytest.mark.parametrize(
    "amended",
    [
        {"when": When.lasting(LATER, 60)},
        {"place": CAMP.model_copy(update={"text": "Other Camp", "area": "SS080104"})},
    ],
    ids=["time", "place"],
)
async def test_what_changes_exactly_alone_is_no_news_to_who_is_told_it_coarsely(
    world: World, talks: RecordId, amended: dict[str, Any]
) -> None:
    before = [await told(world, principal, talks) for principal in (AGENCY, SOLDIER)]
    given = {"place": CAMP, "when": When.lasting(NINE, 60)} | amended
    await world.append(
        talks,
        EngagementAmended(
            engagement_type=EngagementType.ROUTINE_LIAISON,
            purpose=Text(text="Talks", lang="en"),
            reason=Text(text="Better known.", lang="en"),
            **given,
        ),
    )
    await world.catch_up()
    after = [await told(world, principal, talks) for principal in (AGENCY, SOLDIER)]
    assert after[0] == before[0]
    assert [len(one[1]) for one in (before[1], after[1])] == [
        len(before[1][1]),
        len(before[1][1]) + 1,
    ]
    assert after[1][0]["view_version"] == 2


async def test_the_exact_spot_is_for_readers_of_the_place_alone(world: World) -> None:
    labelled = exact("Talks")
    spot = {Group.EXACT_PLACE: to_json(BOTH)}
    pinned = labelled.model_copy(update={"labels": {**labelled.labels, **spot}})
    talks = await world.append(
        Kind.ENGAGEMENT, pinned, PlacePinned(point=Point(lat=9.612345, lon=31.72))
    )
    await world.catch_up()
    assert "9.612345" in str(await told(world, SOLDIER, talks))
    assert "9.612345" not in str(await told(world, AGENCY, talks))
    assert "9.612345" not in str(await everything(world, AGENCY, talks))
    narrow = Bounds(west=31.71, south=9.6, east=31.73, north=9.62)
    assert await world.list(AGENCY, bbox=narrow) == []

"""Who reads a record but not its exact time or place is told the day and the district, wherever he looks."""

from collections.abc import AsyncIterator

import pytest

from services.reporting.filters import Bounds, Page
from services.reporting.queries.points import points_on_map
from services.reporting.views import spell
from shared.contracts.engagements import (
    EngagementHeld,
)
from shared.contracts.event import Group
from shared.contracts.records import RecordReleased
from shared.ids import Kind, RecordId
from shared.labels import to_json
from shared.values import When
from tests.service.coarse_world import (
    AGENCY,
    BOTH,
    CAMP,
    DAY,
    DISTRICT,
    ENGAGEMENTS,
    LATER,
    SOLDIER,
    begun,
    everything,
    exact,
)
from tests.service.reporting_world import (
    NINE,
    World,
    open_world,
)


@pytest.fixture(params=["both walls", "the second wall alone"])
async def world(request, postgres, layout) -> AsyncIterator[World]:
    async with open_world(postgres, layout) as opened:
        yield opened if request.param == "both walls" else opened.without_predicate()


@pytest.fixture
async def talks(world: World) -> RecordId:
    return await begun(world)


async def test_the_day_and_the_district_stand_for_what_is_withheld(
    world: World, talks: RecordId
) -> None:
    soldier, agency = await world.see(SOLDIER, talks), await world.see(AGENCY, talks)
    assert (soldier["starts_at"], soldier["place"]["text"]) == ("2030-01-02T09:00:00Z", CAMP.text)
    assert (soldier["coarse"], soldier["withheld"]) == ({}, [])
    assert (agency["starts_at"], agency["ends_at"], agency["time_precision"]) == (DAY, DAY, "day")
    assert agency["place"] == {
        "text": "SS0801", "place_id": None, "area": "SS0801", "point": None, "precision": "district",
    }  # fmt: skip
    assert agency["coarse"] == {"place": "district", "time": "day"}
    assert {"place", "time"} <= set(agency["withheld"])
    assert not {"place", "time"} & set(agency["group_labels"])


async def test_no_search_box_or_order_leads_to_the_exact_value(
    world: World, talks: RecordId
) -> None:
    first = await world.append(Kind.ENGAGEMENT, exact("Later talks", LATER))
    await world.catch_up()
    ids = [str(talks), str(first)]
    around = Bounds(west=31.71, south=9.6, east=31.73, north=9.62)
    for principal, seen in ((SOLDIER, ids), (AGENCY, [])):
        assert sorted(await world.list(principal, q="hidden")) == sorted(seen)
        assert sorted(await world.list(principal, bbox=around)) == sorted(seen)
    assert await world.list(AGENCY, area="SS080103") == []
    assert sorted(await world.list(AGENCY, area="SS0801", kind=("engagement",))) == sorted(ids)
    assert await world.list(AGENCY, since=NINE, kind=("engagement",)) == []
    by_time = await world.list(AGENCY, kind=("engagement",), page=Page(sort="starts_at"))
    assert by_time == sorted(ids, reverse=True)


async def test_the_map_shows_the_point_of_the_district(world: World, talks: RecordId) -> None:
    shown = {}
    for name, principal in (("soldier", SOLDIER), ("agency", AGENCY)):
        async with world.snapshot(principal) as snapshot:
            rows = await points_on_map(snapshot, ENGAGEMENTS, 22)
        (row,) = rows
        assert spell(row["starts_at"]) == DAY
        shown[name] = (row["lat"], row["lon"], row["precision"])
    assert shown["agency"] == (DISTRICT.lat, DISTRICT.lon, "district")
    assert shown["soldier"] == (9.61, 31.72, "settlement")


async def test_a_new_exact_time_is_no_news_of_a_group_to_who_reads_the_day(
    world: World, talks: RecordId
) -> None:
    await world.append(talks, EngagementHeld(when=When.lasting(LATER, 30)))
    await world.catch_up()
    agency = await world.see(AGENCY, talks)
    assert (agency["status"], agency["starts_at"]) == ("held", DAY)
    assert (await world.see(SOLDIER, talks))["starts_at"] == "2030-01-02T15:00:00Z"


async def test_the_past_tells_no_more_than_the_present(world: World, talks: RecordId) -> None:
    await world.append(talks, EngagementHeld(when=When.lasting(LATER, 30)))
    await world.catch_up()
    for principal, found in ((SOLDIER, True), (AGENCY, False)):
        text = str(await everything(world, principal, talks))
        assert ("09:00:00" in text) is found
        assert ("Hidden Camp" in text) is found


async def test_an_exact_time_is_released_by_its_own_label(world: World, talks: RecordId) -> None:
    released = RecordReleased(labels={Group.TIME: to_json(BOTH)})
    await world.append(talks, released)
    await world.catch_up()
    agency = await world.see(AGENCY, talks)
    assert (agency["starts_at"], agency["coarse"]) == (
        "2030-01-02T09:00:00Z",
        {"place": "district"},
    )

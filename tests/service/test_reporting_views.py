"""What each reader sees of a record: its groups, its lists, its history, and nothing more."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.reporting.filters import Bounds, Filters
from services.reporting.queries.changes import changes_after, heads
from services.reporting.queries.edges import edges_of
from services.reporting.queries.history import history_of
from services.reporting.queries.points import points_on_map
from services.reporting.shown import history
from shared.contracts.engagements import (
    EngagementAmended,
    EngagementConfirmed,
    EngagementRelabelled,
    EngagementType,
    ParticipantNamed,
    PlacePinned,
    PreparationNoted,
)
from shared.contracts.event import Group
from shared.contracts.records import RecordDeclassified, RecordExpired
from shared.ids import Kind, RecordId
from shared.labels import to_json
from shared.principal import Principal
from shared.projection import Checkpoint
from shared.values import Name, Point, Text, When
from tests.service.reporting_world import (
    ALL,
    MIL,
    NINE,
    OWNER,
    UN,
    World,
    open_to,
    open_world,
    planned,
    reader,
    registered,
    with_organisation,
)

SOLDIER = reader("mil", caveats=("OWN_SIDE",))
AGENCY = reader("un")
NOTE = PreparationNoted(talking_points=(Text(text="open with the market", lang="en"),))
CLOSED = open_to(level=2, caveats=("OWN_SIDE",))
SPOT = PlacePinned(point=Point(lat=9.5, lon=31.6), description=Text(text="ferry", lang="en"))


@pytest.fixture
async def world(postgres, layout) -> AsyncIterator[World]:
    async with open_world(postgres, layout) as opened:
        yield opened


async def test_a_reader_sees_the_groups_he_reads_and_is_told_which_he_does_not(
    world: World,
) -> None:
    mixed = planned(base=ALL, own_side=open_to("mil"), exact_place=UN)
    engagement = await world.append(Kind.ENGAGEMENT, mixed, NOTE, SPOT)
    await world.catch_up()
    soldier, agency = await world.see(SOLDIER, engagement), await world.see(AGENCY, engagement)
    assert soldier["own_side"]["talking_points"][0]["text"] == "open with the market"
    assert soldier["withheld"] == [Group.EXACT_PLACE]
    assert agency["withheld"] == [Group.OWN_SIDE]
    assert agency["exact_place"]["point"] == {"lat": 9.5, "lon": 31.6}
    assert "market" not in str(agency)


async def test_what_is_withheld_does_not_depend_on_content(world: World) -> None:
    full = await world.append(Kind.ENGAGEMENT, planned(base=ALL, own_side=MIL), NOTE)
    empty = await world.append(Kind.ENGAGEMENT, planned(base=ALL, own_side=MIL))
    await world.catch_up()
    seen = [await world.see(AGENCY, one) for one in (full, empty)]
    without = [{k: v for k, v in one.items() if k not in _OWN} for one in seen]
    assert without[0] == without[1]


_OWN = {"id", "recorded_at", "updated_at", "source_version"}


async def test_a_hidden_record_is_absent_from_lists_counts_and_search(world: World) -> None:
    hidden = await world.append(Kind.ENGAGEMENT, planned("Barge access"))
    await world.catch_up()
    assert await world.see(AGENCY, hidden) is None
    assert await world.list(AGENCY) == []
    assert await world.list(AGENCY, q="barge") == []
    assert await world.list(SOLDIER, q="BARG áccess") == [str(hidden)]


async def test_search_looks_into_the_groups_a_reader_reads(world: World) -> None:
    named = ParticipantNamed(
        person_id=RecordId.new(Kind.PERSON), name=Name(text="Invented Person", lang="en")
    )
    engagement = await world.append(Kind.ENGAGEMENT, planned(base=ALL, identity=MIL), named)
    await world.catch_up()
    assert await world.list(SOLDIER, q="invented corridor") == [str(engagement)]
    assert await world.list(AGENCY, q="invented") == []


async def test_search_finds_what_refers_to_an_organisation_that_matches(world: World) -> None:
    open_one = await world.append(Kind.ORGANISATION, registered("Fictional Herders", ALL))
    closed = await world.append(Kind.ORGANISATION, registered("Secret Herders", MIL))
    first = await world.append(
        Kind.ENGAGEMENT, planned(base=ALL, participants=with_organisation(open_one))
    )
    second = await world.append(
        Kind.ENGAGEMENT, planned(base=ALL, participants=with_organisation(closed))
    )
    await world.catch_up()
    found = await world.list(AGENCY, q="herders")
    assert set(found) == {str(open_one), str(first)}
    assert await world.list(AGENCY, party=closed) == []
    assert await world.list(SOLDIER, party=closed) == [str(second)]


async def test_the_second_wall_holds_alone(world: World) -> None:
    hidden = await world.append(Kind.ENGAGEMENT, planned("Barge access"), NOTE)
    shown = await world.append(Kind.ENGAGEMENT, planned("Barge", base=ALL, own_side=MIL), NOTE)
    await world.catch_up()
    bare = world.without_predicate()
    assert await bare.list(AGENCY) == [str(shown)]
    assert await bare.list(AGENCY, q="barge") == [str(shown)]
    assert await bare.see(AGENCY, hidden) is None
    assert "own_side" not in await bare.see(AGENCY, shown)
    assert [row["grp"] for row in await _rows(bare, history_of, shown)] == ["base"]
    assert await _rows(bare, history_of, hidden) == []
    assert await _rows(bare, edges_of, hidden) == []


async def test_the_second_wall_alone_hides_points_edges_and_changes(world: World) -> None:
    closed = await world.append(Kind.ORGANISATION, registered("Secret Herders", MIL))
    told = planned(base=ALL, exact_place=MIL, participants=with_organisation(closed))
    engagement = await world.append(Kind.ENGAGEMENT, told, SPOT)
    await world.append(Kind.ENGAGEMENT, planned("Hidden"))
    await world.catch_up()
    bare = world.without_predicate()
    assert await _rows(bare, edges_of, engagement) == []
    async with bare.snapshot(AGENCY) as snapshot:
        points = await points_on_map(snapshot, Filters(), 10)
        head = (await heads(snapshot))["engagements"]
        changed = await changes_after(snapshot, "engagements", Checkpoint(0, 0), head, 100)
    assert [(row["lat"], row["count"]) for row in points] == [(9.53, 1)]
    assert [(row["record_id"], row["grp"]) for row in changed.rows] == [(str(engagement), "base")]


async def _rows(world: World, query: Any, record: RecordId) -> list[Any]:
    async with world.snapshot(AGENCY) as snapshot:
        return list(await query(snapshot, str(record)))


async def test_a_session_that_names_no_labels_reads_no_row(world: World) -> None:
    await world.append(Kind.ENGAGEMENT, planned(base=ALL))
    await world.catch_up()
    async with world.readers.acquire() as connection:
        for table in ("records", "portions", "versions", "edges"):
            assert await connection.fetch(f"select * from g1.{table}") == []  # noqa: S608
        assert await connection.fetch("select * from changes") == []


@pytest.mark.parametrize("walls", ["both walls", "the second wall alone"])
async def test_who_reads_it_changes_on_the_dates_of_its_label(world: World, walls: str) -> None:
    engagement = await world.append(Kind.ENGAGEMENT, planned(base=MIL))
    reading = world if walls == "both walls" else world.without_predicate()
    opened = RecordDeclassified(labels={Group.BASE: to_json(open_to("mil", "un"))}, due_at=NINE)
    expired = RecordExpired(labels={Group.BASE: to_json(open_to())}, due_at=NINE)

    async def readers() -> list[bool]:
        await world.catch_up()
        return [await reading.list(one) == [str(engagement)] for one in (SOLDIER, AGENCY)]

    assert await readers() == [True, False]
    await world.append(engagement, opened)
    assert await readers() == [True, True]
    await world.append(engagement, expired)
    assert await readers() == [False, False]


async def test_an_override_takes_away_before_the_documents_know(world: World) -> None:
    engagement = await world.append(Kind.ENGAGEMENT, planned("Barge", base=ALL), SPOT)
    await world.catch_up()
    await world.append(engagement, EngagementRelabelled(labels={Group.BASE: to_json(MIL)}))
    await world.override()
    assert await world.see(AGENCY, engagement) is None
    assert await world.list(AGENCY, q="barge") == []
    assert await world.see(SOLDIER, engagement) is not None
    await world.catch_up()
    assert await world.see(AGENCY, engagement) is None
    assert await world.projector.fetchval("select count(*) from overrides") == 0


async def test_an_overridden_group_is_withheld(world: World) -> None:
    engagement = await world.append(Kind.ENGAGEMENT, planned(base=ALL), SPOT)
    await world.catch_up()
    await world.append(engagement, EngagementRelabelled(labels={Group.EXACT_PLACE: to_json(MIL)}))
    await world.override()
    assert (await world.see(AGENCY, engagement))["withheld"] == [Group.EXACT_PLACE]
    assert await world.list(AGENCY, q="ferry") == []


async def test_relabelling_a_hidden_group_changes_nothing_for_others(world: World) -> None:
    engagement = await world.append(Kind.ENGAGEMENT, planned(base=ALL, own_side=MIL))
    await world.catch_up()
    before = await world.see(AGENCY, engagement)
    await world.append(engagement, NOTE)
    await world.append(engagement, EngagementRelabelled(labels={Group.OWN_SIDE: to_json(CLOSED)}))
    await world.catch_up()
    after = await world.see(AGENCY, engagement)
    assert before | {"source_version": after["source_version"]} == after


async def test_the_view_version_is_the_last_that_changed_what_the_reader_reads(
    world: World,
) -> None:
    engagement = await world.append(Kind.ENGAGEMENT, planned(base=ALL, own_side=MIL), NOTE)
    await world.catch_up()
    assert (await world.see(AGENCY, engagement))["view_version"] == 1
    assert (await world.see(SOLDIER, engagement))["view_version"] == 2


async def test_history_shows_what_changed_to_those_who_read_it_then_and_now(world: World) -> None:
    amended = EngagementAmended(
        engagement_type=EngagementType.NEGOTIATION_SESSION,
        purpose=Text(text="Barge talks", lang="en"),
        when=When.lasting(NINE, 30),
        reason=Text(text="agreed", lang="en"),
    )
    engagement = await world.append(Kind.ENGAGEMENT, planned("Cattle talks", own_side=CLOSED), NOTE)
    await world.append(engagement, amended)
    await world.append(engagement, EngagementRelabelled(labels={Group.BASE: to_json(ALL)}))
    await world.append(engagement, EngagementConfirmed())
    await world.catch_up()
    agency, soldier = (
        await _history(world, AGENCY, engagement),
        await _history(world, SOLDIER, engagement),
    )
    assert [(one["type"], _changes(one)) for one in agency] == [
        ("engagement.relabelled.v1", {"label": None}),
        ("engagement.confirmed.v1", {"status": None}),
    ]
    assert len(soldier) == 4
    assert _changes(soldier[1])["purpose"] == "Cattle talks"
    assert "Cattle" not in str(agency)


async def _history(world: World, principal: Principal, record: RecordId) -> list[dict[str, Any]]:
    async with world.snapshot(principal) as snapshot:
        rows = await history_of(snapshot, str(record))
        return list(history(rows, str(OWNER), world.views, world.policy))


def _changes(entry: dict[str, Any]) -> dict[str, Any]:
    """What each changed field was before."""
    return {change["field"]: change["before"] for change in entry["changes"]}


async def test_an_edge_is_shown_only_when_both_ends_are_readable(world: World) -> None:
    closed = await world.append(Kind.ORGANISATION, registered("Secret Herders", MIL))
    engagement = await world.append(
        Kind.ENGAGEMENT, planned(base=ALL, participants=with_organisation(closed))
    )
    await world.catch_up()
    async with world.snapshot(AGENCY) as snapshot:
        assert await edges_of(snapshot, str(engagement)) == []
    async with world.snapshot(SOLDIER) as snapshot:
        assert [row["to_id"] for row in await edges_of(snapshot, str(engagement))] == [str(closed)]


async def test_the_map_shows_the_exact_point_only_to_its_readers(world: World) -> None:
    await world.append(Kind.ENGAGEMENT, planned(base=ALL, exact_place=MIL), SPOT)
    await world.catch_up()
    exact = Bounds(31.59, 9.49, 31.61, 9.51)
    async with world.snapshot(AGENCY) as snapshot:
        assert await points_on_map(snapshot, Filters(bbox=exact), 10) == []
        coarse = await points_on_map(snapshot, Filters(), 10)
    async with world.snapshot(SOLDIER) as snapshot:
        known = await points_on_map(snapshot, Filters(bbox=exact), 10)
    assert [(row["lat"], row["precision"]) for row in coarse] == [(9.53, "settlement")]
    assert [(row["lat"], row["precision"]) for row in known] == [(9.5, "exact")]

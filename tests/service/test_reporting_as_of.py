"""As of a past moment: what was known then, shown to whoever could read it then and can read it now.

The oracle folds the stored events up to the moment and asks the pure label rule, twice.
"""

import os
import random
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.reporting.filters import Filters, Page
from services.reporting.queries.edges import edges_of
from services.reporting.queries.history import history_of
from services.reporting.queries.points import points_on_map
from services.reporting.queries.records import count_records, list_records
from services.reporting.records.document import Document
from services.reporting.records.references import references
from services.reporting.steps import seen_events, steps_of
from shared.contracts.engagements import (
    EngagementAmended,
    EngagementConfirmed,
    EngagementRelabelled,
    EngagementType,
)
from shared.contracts.event import Group
from shared.ids import Kind
from shared.labels import Label, reads, to_json
from shared.principal import Principal
from shared.values import When
from tests.service.past_world import Writing, words
from tests.service.reporting_world import (
    ALL,
    MIL,
    NINE,
    World,
    open_world,
    planned,
    reader,
)

SEED = int(os.environ.get("PARLEY_SEED", "20261123"))
EVENTS, MOMENTS = 90, 14
READERS = (reader("mil"), reader("un"), reader("ngo"), reader("mil", "un"), reader(level=0))

Shown = dict[str, dict[str, Any]]  # Any: fields of groups, by record and group


@pytest.fixture(scope="module")
async def world(postgres, layout) -> AsyncIterator[World]:
    async with open_world(postgres, layout) as opened:
        yield opened


async def documents(world: World, moment: datetime | None) -> dict[str, Document]:
    """What the pure folds make of all events stored up to the moment."""
    folded: dict[str, Document] = {}
    for service, source in world.sources.items():
        events = [e for e in await world.events(service) if not moment or e.recorded_at <= moment]
        seen = seen_events(await source.vault.open_all(events), source.types, service)
        folded |= {step.after.id: step.after for step in steps_of({}, seen)}
    return folded


def oracle(
    then: Mapping[str, Document], now: Mapping[str, Document], principal: Principal
) -> tuple[Shown, set[tuple[str, str, str, str]]]:
    """What a reader sees of the past: groups by record, and edges."""

    def readable(label: Label) -> bool:
        return reads(principal.clearance, label)

    def groups(record: str) -> list[Group]:
        base = then[record].parts[Group.BASE].label
        if not readable(base) or not readable(now[record].effective_label(Group.BASE)):
            return []
        return [
            group
            for group, part in then[record].parts.items()
            if readable(part.label) and readable(now[record].effective_label(group))
        ]

    visible = {record: groups(record) for record in then if groups(record)}
    shown = {
        record: {group.value: then[record].parts[group].fields for group in found}
        for record, found in visible.items()
    }
    edges = {
        (record, to, kind, group.value)
        for record, found in visible.items()
        for group in found
        for kind, to in references(then[record].parts[group].fields or {})
        if to in visible
    }
    return shown, edges


async def seen(
    world: World, principal: Principal, moment: datetime
) -> tuple[Shown, set[tuple[str, str, str, str]]]:
    """The same, asked of the read model."""
    async with world.reader.snapshot(principal, moment) as snapshot:
        rows = (await list_records(snapshot, Filters(), Page(size=500))).rows
        assert await count_records(snapshot, Filters()) == len(rows)
        views = await world.views.of(snapshot, rows)
        edges = {
            (edge["from_id"], edge["to_id"], edge["kind"], edge["grp"])
            for row in rows
            for edge in await edges_of(snapshot, row["record_id"])
        }
        drawn = await points_on_map(snapshot, Filters(), 22)
    shown = {view["id"]: _groups(view) for view in views}
    placed = [id_ for id_, told in shown.items() if _point(told)]
    assert sum(cell["count"] for cell in drawn) == len(placed)
    return shown, edges


def _groups(view: dict[str, Any]) -> dict[str, Any]:
    about = {
        "id", "kind", "owner", "recorded_at", "updated_at", "view_version", "source_version", "label",
        "group_labels", "withheld", "tags", "coarse",
    }  # fmt: skip
    others = {group: view[group] for group in view["group_labels"]}
    base = {name: v for name, v in view.items() if name not in about and name not in others}
    return {Group.BASE.value: base, **others}


def _point(told: dict[str, Any]) -> bool:
    coarse = (told["base"].get("place") or {}).get("point")
    return bool(coarse or (told.get("exact_place") or {}).get("point"))


async def test_the_past_is_what_an_oracle_makes_of_all_that_was_stored(world: World) -> None:
    print(f"seed {SEED}")
    writing = Writing(world, random.Random(SEED), {}, [])
    for _ in range(EVENTS):
        await writing.step()
    await world.catch_up(at_once=7)
    now = await documents(world, None)
    for moment in writing.chance.sample(writing.moments, MOMENTS):
        then = await documents(world, moment)
        for principal in READERS:
            assert await seen(world, principal, moment) == oracle(then, now, principal)


async def test_the_present_is_the_past_as_of_now(world: World) -> None:
    record = await world.append(Kind.ENGAGEMENT, planned(base=ALL))
    await world.append(record, EngagementConfirmed())
    await world.catch_up()
    last = (await world.events("engagements"))[-1].recorded_at
    shown, _ = await seen(world, READERS[0], last)
    assert shown[str(record)]["base"]["status"] == "confirmed"


async def test_what_did_not_exist_then_is_absent(world: World) -> None:
    record = await world.append(Kind.ENGAGEMENT, planned(base=ALL))
    await world.catch_up()
    begun = (await world.events("engagements"))[-1].recorded_at
    shown, _ = await seen(world, READERS[0], begun - timedelta(microseconds=1))
    assert str(record) not in shown


async def test_the_past_is_searched_by_its_own_words(world: World) -> None:
    record = await world.append(Kind.ENGAGEMENT, planned("Cattle zorridor", base=ALL))
    before = (await world.events("engagements"))[-1].recorded_at
    renamed = EngagementAmended(
        engagement_type=EngagementType.CEREMONY,
        purpose=words("Quarket gate"),
        when=When.lasting(NINE, 60),
        reason=words("Renamed"),
    )
    await world.append(record, renamed)
    await world.catch_up()
    assert await found(world, before, "zorridor") == [str(record)]
    assert await found(world, before, "quarket") == []
    assert await found(world, (await world.events("engagements"))[-1].recorded_at, "quarket") == [
        str(record)
    ]


async def found(world: World, moment: datetime, q: str) -> list[str]:
    async with world.reader.snapshot(READERS[2], moment) as snapshot:
        rows = (await list_records(snapshot, Filters(q=q), Page(sort="relevance"))).rows
    return [row["record_id"] for row in rows]


async def test_history_ends_at_the_moment(world: World) -> None:
    record = await world.append(Kind.ENGAGEMENT, planned(base=ALL))
    before = (await world.events("engagements"))[-1].recorded_at
    await world.append(record, EngagementConfirmed())
    await world.catch_up()
    async with world.reader.snapshot(READERS[0], before) as snapshot:
        told = await history_of(snapshot, str(record))
    assert {row["event_type"] for row in told} == {"engagement.planned.v1"}


async def test_row_security_alone_keeps_the_past_from_who_may_not_read_it(world: World) -> None:
    hidden = await world.append(Kind.ENGAGEMENT, planned(base=MIL))
    widened = EngagementRelabelled(labels={Group.BASE: to_json(ALL)})
    before = (await world.events("engagements"))[-1].recorded_at
    await world.append(hidden, widened)
    narrowed = await world.append(Kind.ENGAGEMENT, planned(base=ALL))
    between = (await world.events("engagements"))[-1].recorded_at
    await world.append(narrowed, EngagementRelabelled(labels={Group.BASE: to_json(MIL)}))
    await world.catch_up()
    alone = world.without_predicate()
    for moment in (before, between):
        async with alone.reader.snapshot(READERS[2], moment) as snapshot:
            rows = (await list_records(snapshot, Filters(), Page())).rows
        expected = {str(hidden)} if moment == between else set()
        assert {row["record_id"] for row in rows} & {str(hidden), str(narrowed)} == expected


async def test_the_past_is_marked_as_it_was_and_as_it_is(world: World) -> None:
    record = await world.append(Kind.ENGAGEMENT, planned(base=ALL))
    before = (await world.events("engagements"))[-1].recorded_at
    await world.append(record, EngagementRelabelled(labels={Group.BASE: to_json(MIL)}))
    await world.catch_up()
    async with world.reader.snapshot(READERS[0], before) as snapshot:
        rows = (await list_records(snapshot, Filters(ids=(str(record),)), Page())).rows
        view = (await world.views.of(snapshot, rows))[0]
    assert view["label"]["releasable_to"] == [["all"], ["mil"]]


async def test_the_past_is_found_by_other_forms_of_its_words(world: World) -> None:
    record = await world.append(Kind.ENGAGEMENT, planned("Meetings of herders", base=ALL))
    before = (await world.events("engagements"))[-1].recorded_at
    await world.append(record, EngagementConfirmed())
    await world.catch_up()
    assert await found(world, before, "meeting") == [str(record)]
    assert await found(world, before, "herder") == [str(record)]


async def test_no_clear_text_of_the_past_is_made_once_its_key_is_destroyed(world: World) -> None:
    record = await world.append(Kind.ENGAGEMENT, planned("Plain words", base=ALL))
    await world.append(record, EngagementConfirmed())
    await world.sealing["engagements"].destroy([record])
    await world.catch_up()
    async with world.projector.acquire() as connection:
        kept = await connection.fetchval(
            "select t::text from g1.records_past t where record_id = $1", str(record)
        )
    assert "planned" in kept
    assert "words" not in kept

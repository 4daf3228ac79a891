"""Readers in an emergency: the read side opens what was opened for them, and sources to nobody for it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.engagements import EngagementRelabelled, SourceRecorded
from shared.contracts.event import Group
from shared.ids import Kind, RecordId
from shared.labels import Label, to_json
from shared.values import Text
from tests.service.reporting_service import Service, running_service
from tests.service.reporting_world import ALL, open_to, planned, reader
from tests.service.test_reporting_views import NOTE

WORD = "ferryman"
PROTECTED = open_to("all", caveats=("PROTECTION",))
TOLD = SourceRecorded(
    person_id=RecordId.new(Kind.PERSON), description=Text(text=f"the {WORD} told us", lang="en")
)
# Everything of one engagement bears the caveat but its base: also its source, which the policy never does.
EVENTS = (planned(base=ALL, own_side=PROTECTED, source=PROTECTED), NOTE, TOLD)
NOBODY = reader("mil")
HOLDER = reader("mil", caveats=("PROTECTION",))
DUTY = replace(HOLDER, opened=frozenset({"PROTECTION"}))


@pytest.fixture(scope="module")
async def service(postgres, nats, layout) -> AsyncIterator[Service]:
    async with running_service(postgres, nats, layout) as running:
        yield running


async def seen(service: Service, who: Any, path: str, here: str = "") -> Any:
    answer = await service.get(path, who, **({"Parley_At_Least": here} if here else {}))
    assert answer.status == 200, answer.json
    return answer.json


async def test_what_was_opened_is_shown_and_sources_stay_withheld(service: Service) -> None:
    record, here = await service.appended(Kind.ENGAGEMENT, *EVENTS)
    views = [await seen(service, who, f"/records/{record}", here) for who in (NOBODY, DUTY, HOLDER)]
    assert [sorted(view["withheld"]) for view in views] == [["own_side", "source"], ["source"], []]
    assert [WORD in str(view) for view in views] == [False, False, True]


async def test_lists_and_words_lead_to_no_source(service: Service) -> None:
    await service.appended(Kind.ENGAGEMENT, *EVENTS)
    for who, found in ((HOLDER, True), (DUTY, False)):
        told = await seen(service, who, f"/records?q={WORD}")
        assert bool(told["items"]) is found
    everything = await seen(service, DUTY, "/records?kind=engagement")
    assert everything["items"]
    assert WORD not in str(everything)


@pytest.mark.parametrize(("then", "now"), [(PROTECTED, ALL), (ALL, PROTECTED)])
async def test_neither_history_nor_the_past_tells_of_a_source(
    service: Service, then: Label, now: Label
) -> None:
    told = planned(base=ALL, source=then)
    record, here = await service.appended(Kind.ENGAGEMENT, told, TOLD)
    moment = (await seen(service, HOLDER, f"/records/{record}", here))["updated_at"]
    relabelled = EngagementRelabelled(labels={Group.SOURCE: to_json(now)})
    _, here = await service.appended(record, relabelled)
    for who, found in ((HOLDER, True), (DUTY, False)):
        for path in (f"/records/{record}/history", f"/records/{record}?as_of={moment}"):
            answer = await seen(service, who, path, here)
            assert (WORD in str(answer)) is found, path


async def test_the_feed_tells_of_no_source(service: Service) -> None:
    start = (await seen(service, DUTY, "/changes"))["vector"]
    record, _ = await service.appended(Kind.ENGAGEMENT, *EVENTS)
    gone = EngagementRelabelled(labels={Group.SOURCE: to_json(open_to())})
    _, later = await service.appended(record, gone)
    for who, told in ((DUTY, False), (HOLDER, True)):
        changes = (await service.changes(who, start, Parley_At_Least=later))["changes"]
        assert {one["group"] for one in changes} >= {"base", "own_side"}
        assert ("source" in {one["group"] for one in changes}) is told

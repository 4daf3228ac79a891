"""Reporting over HTTP, from the stream to the answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from shared.contracts.engagements import EngagementConfirmed, EngagementRelabelled
from shared.contracts.event import Group
from shared.ids import Kind
from shared.labels import to_json
from tests.service.reporting_service import Service, running_service
from tests.service.reporting_world import ALL, MIL, planned, reader, registered

WAKE_SECONDS = 10
SOLDIER, AGENCY = reader("mil"), reader("un")
ABSENT = "engagement_00000000000000000000000000"


@pytest.fixture(scope="module")
async def service(postgres, nats, layout) -> AsyncIterator[Service]:
    async with running_service(postgres, nats, layout) as opened:
        yield opened


async def test_a_reader_who_names_a_position_reads_what_was_written_there(service: Service) -> None:
    engagement, here = await service.appended(Kind.ENGAGEMENT, planned("Talks"))
    answer = await service.get(f"/records/{engagement}", SOLDIER, Parley_At_Least=here)
    assert answer.status == 200
    assert answer.json["title"] == {"text": "Talks", "lang": "en"}


async def test_a_position_that_does_not_come_is_answered_busy(service: Service) -> None:
    answer = await service.get("/records", SOLDIER, Parley_At_Least="contacts=1:999999")
    assert (answer.status, answer.json["code"]) == (503, "busy")


async def test_hidden_answers_as_absent(service: Service) -> None:
    hidden, here = await service.appended(Kind.ENGAGEMENT, planned("Talks"))
    for path in ("", "/history", "/edges"):
        one = await service.get(f"/records/{hidden}{path}", AGENCY, Parley_At_Least=here)
        other = await service.get(f"/records/{ABSENT}{path}", AGENCY)
        assert one.status == other.status == 404
        assert one.json | _OWN == other.json | _OWN


_OWN = {"instance": "", "request_id": ""}


async def test_an_unknown_parameter_is_refused_by_name(service: Service) -> None:
    answer = await service.get("/records?colour=green", SOLDIER)
    assert answer.status == 400
    assert answer.errors == [("?colour", "unknown_parameter")]


async def test_a_moment_still_to_come_is_refused(service: Service) -> None:
    answer = await service.get("/records?as_of=2999-01-01T00:00:00Z", SOLDIER)
    assert answer.errors == [("?as_of", "in_future")]


async def test_a_list_is_read_page_by_page_without_gap_or_repeat(service: Service) -> None:
    for number in range(5):
        _, here = await service.appended(Kind.ORGANISATION, registered(f"Paged {number}"))
    first = await service.get(
        "/records?q=paged&sort=title&page_size=3&count=true", AGENCY, Parley_At_Least=here
    )
    after = urlencode({"after": json.dumps(first.json["next"])})
    second = await service.get(f"/records?q=paged&sort=title&page_size=3&{after}", AGENCY)
    titles = [one["title"]["text"] for one in first.json["items"] + second.json["items"]]
    assert titles == [f"Paged {number}" for number in range(5)]
    assert first.json["count"] == 5
    assert second.json["next"] is None


async def test_the_best_come_first_page_by_page_when_something_is_looked_for(
    service: Service,
) -> None:
    for name in ("Xudur Relief Committee", "Huddur Relief", "Xudur Relief"):
        _, here = await service.appended(Kind.ORGANISATION, registered(name))
    found, after = [], ""
    for _ in range(3):
        path = f"/records?{urlencode({'q': 'hudur relief', 'page_size': 1, 'after': after})}"
        page = (await service.get(path, AGENCY, Parley_At_Least=here)).json
        found += [item["title"]["text"] for item in page["items"]]
        after = json.dumps(page["next"])
    assert found == ["Huddur Relief", "Xudur Relief", "Xudur Relief Committee"]
    assert page["next"] is None


async def test_a_name_half_typed_is_answered_with_who_goes_by_it(service: Service) -> None:
    made, here = await service.appended(Kind.ORGANISATION, registered("Pastoral Forum"))
    answer = await service.get("/suggest?q=pastoral%20fo", AGENCY, Parley_At_Least=here)
    (item,) = answer.json["items"]
    assert (item["id"], item["name"], item["title"]) == (str(made), *["Pastoral Forum"] * 2)
    assert 0.9 < item["score"] < 1
    assert (await service.get("/suggest?limit=11", AGENCY)).status == 400


async def test_each_number_of_today_counts_the_list_it_links_to(service: Service) -> None:
    _, here = await service.appended(Kind.ENGAGEMENT, planned("Unplaced", base=ALL, place=None))
    told = await service.get("/summary", AGENCY, Parley_At_Least=here)
    for number in told.json["numbers"]:
        listed = await service.get(f"/records?{urlencode(number['query'])}&page_size=500", AGENCY)
        assert number["count"] == len(listed.json["items"])
    assert {n["key"]: n["count"] for n in told.json["numbers"]}["unplaced"] >= 1


async def test_the_feed_tells_of_changes_to_those_who_read_them(service: Service) -> None:
    start = (await service.get("/changes", AGENCY)).json["vector"]
    shown, _ = await service.appended(Kind.ENGAGEMENT, planned(base=ALL))
    _, here = await service.appended(Kind.ENGAGEMENT, planned())
    told = await service.changes(AGENCY, start, Parley_At_Least=here)
    assert [(c["record_id"], c["what"]) for c in told["changes"]] == [(str(shown), "upsert")]
    assert (await service.changes(AGENCY, told["vector"]))["changes"] == []


async def test_who_loses_sight_of_a_record_is_told_only_that(service: Service) -> None:
    shown, here = await service.appended(Kind.ENGAGEMENT, planned(base=ALL))
    middle = (await service.get("/changes", AGENCY, Parley_At_Least=here)).json["vector"]
    _, here = await service.appended(
        shown, EngagementRelabelled(labels={Group.BASE: to_json(MIL)}), EngagementConfirmed()
    )
    told = await service.changes(AGENCY, middle, Parley_At_Least=here)
    assert [(c["record_id"], c["what"]) for c in told["changes"]] == [(str(shown), "revoked")]
    told = await service.changes(SOLDIER, middle)
    assert [c["what"] for c in told["changes"]] == ["upsert", "upsert"]


async def test_a_place_in_another_feed_is_answered_with_a_reset(service: Service) -> None:
    told = await service.changes(AGENCY, {"contacts": [1, 999_999]})
    assert told["reset"] is True


async def test_followers_are_woken_after_a_projection(service: Service) -> None:
    woken = asyncio.Event()

    async def wake(message: object) -> None:
        woken.set()

    await service.bus.subscribe(service.settings.stream("reporting").wake, cb=wake)
    await service.bus.flush()
    await service.appended(Kind.ENGAGEMENT, planned())
    async with asyncio.timeout(WAKE_SECONDS):
        await woken.wait()


async def test_the_map_gathers_records_and_counts_them_all(service: Service) -> None:
    _, here = await service.appended(Kind.ENGAGEMENT, planned("Mapped", base=ALL))
    _, here = await service.appended(Kind.ENGAGEMENT, planned("Mapped", base=ALL))
    drawn = await service.get("/map?q=mapped&zoom=12", AGENCY, Parley_At_Least=here)
    properties = [feature["properties"] for feature in drawn.json["features"]]
    assert [(one["cluster"], one["count"]) for one in properties] == [(True, 2)]


async def test_history_is_told_with_what_was_before_and_after(service: Service) -> None:
    engagement, here = await service.appended(
        Kind.ENGAGEMENT, planned("Told", base=ALL), EngagementConfirmed()
    )
    told = await service.get(f"/records/{engagement}/history", AGENCY, Parley_At_Least=here)
    assert [item["type"] for item in told.json["items"]] == [
        "engagement.planned.v1",
        "engagement.confirmed.v1",
    ]
    assert told.json["items"][1]["changes"] == [
        {"field": "status", "before": "planned", "after": "confirmed"}
    ]

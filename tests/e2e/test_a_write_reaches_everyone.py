"""The thin path: one partner writes, another hears of it, and nobody who may not."""

import asyncio
from collections.abc import AsyncIterator

from tests.e2e.conftest import Everybody
from tests.e2e.partner import FeedEvent

HEARD_SECONDS = 10
TALKS = {
    "purpose": "Cattle corridor talks",
    "type": "routine_liaison",
    "starts_at": "2030-01-02T09:00:00Z",
    "duration_minutes": 60,
    "place": {"name": "Malakal"},
    "participants": [{"name": "Invented Person", "side": "counterpart"}],
    "label": {"level": "confidential", "releasable_to": [["mil"]]},
}


async def test_a_post_appears_in_another_clients_feed(everybody: Everybody) -> None:
    writer, reader = everybody["liaison-officer"], everybody["ops-centre"]
    async with reader.feed() as events:
        await anext(events)  # the feed's first message is its place; from here on nothing is missed
        answer = await writer.post("/v1/engagements", TALKS)
        async with asyncio.timeout(HEARD_SECONDS):
            heard = await _about(events, answer["id"])
    assert heard.json["type"] == "parley.engagement.changed"
    shown = await reader.get(f"/v1/engagements/{answer['id']}")
    assert shown["purpose"]["text"] == TALKS["purpose"]
    assert shown["place"]["text"] == "Malakal"
    assert shown["place"]["place_id"].startswith("place_")


async def test_a_repeated_post_is_answered_and_not_repeated(everybody: Everybody) -> None:
    writer = everybody["liaison-officer"]
    first = await writer.post("/v1/engagements", TALKS, key="same-key")
    status, second, headers = await writer.call(
        "POST", "/v1/engagements", TALKS, headers={"Idempotency-Key": "same-key"}
    )
    assert status == 201
    assert headers["Idempotency-Replayed"] == "true"
    assert second["id"] == first["id"]


async def test_the_version_of_a_write_is_the_etag_of_the_view(everybody: Everybody) -> None:
    writer = everybody["liaison-officer"]
    answer = await writer.post("/v1/engagements", TALKS)
    _, _, headers = await writer.call("GET", f"/v1/engagements/{answer['id']}")
    assert headers["ETag"].strip('"') == answer["version"].strip('"')


async def test_bad_input_is_named_and_changes_nothing(everybody: Everybody) -> None:
    writer = everybody["liaison-officer"]
    before = await writer.all_pages("/v1/engagements", q="corridor")
    status, problem, headers = await writer.call(
        "POST",
        "/v1/engagements",
        TALKS | {"starts_at": "2030-01-02T09:00:00", "strike_time": "now"},
        headers={"Idempotency-Key": "bad-input"},
    )
    assert status == 422
    assert headers["Content-Type"].startswith("application/problem+json")
    assert {e["pointer"] for e in problem["errors"]} == {"/starts_at", "/strike_time"}
    assert await writer.all_pages("/v1/engagements", q="corridor") == before


async def test_a_label_above_ones_own_clearance_is_refused(everybody: Everybody) -> None:
    status, problem, _ = await everybody["ngo-forum"].call(
        "POST",
        "/v1/engagements",
        TALKS | {"label": {"level": "strictly_confidential", "releasable_to": [["ngo"]]}},
        headers={"Idempotency-Key": "above-clearance"},
    )
    assert status == 422
    assert problem["errors"][0]["pointer"] == "/label/level"


async def _about(events: AsyncIterator[FeedEvent], record_id: str) -> FeedEvent:
    async for event in events:
        if event.data and event.json.get("subject") == record_id:
            return event
    raise AssertionError("the feed ended")

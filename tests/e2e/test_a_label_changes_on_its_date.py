"""A record opens and expires on the dates its owner set: in gets, lists, search and feed; nobody writes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.conftest import Everybody
from tests.e2e.partner import FeedEvent, Partner

FOR_US = {"level": "unclassified", "releasable_to": [["mil"]], "caveats": []}
FOR_THE_AGENCY = {"level": "unclassified", "releasable_to": [["mil", "un"]], "caveats": []}
AHEAD = timedelta(seconds=3)
PATIENCE_SECONDS = 30
NOT_FOUND, PRECONDITION = 404, 428
Json = dict[str, Any]  # Any: what the gateway answers


@pytest.fixture
async def record(everybody: Everybody) -> Json:
    body = {
        "purpose": f"Talks {uuid4().hex}",
        "type": "routine_liaison",
        "starts_at": "2031-06-02T09:00:00Z",
        "label": FOR_US,
    }
    made = await everybody["liaison-officer"].post("/v1/engagements", body)
    return await everybody["liaison-officer"].get(
        f"/v1/engagements/{made['id']}", at_least=made["position"]
    )


def soon() -> str:
    return (datetime.now(UTC) + AHEAD).isoformat()


async def changed(officer: Partner, record: Json, verb: str, body: Json) -> Json:
    """As its owner, who has read it as it stands."""
    path = f"/v1/engagements/{record['id']}"
    _, _, seen = await officer.call("GET", path)
    headers = {"If-Match": seen["ETag"], "Idempotency-Key": uuid4().hex}
    status, told, _ = await officer.call("POST", f"{path}/{verb}", body, headers=headers)
    assert status == 200, told
    return await officer.get(path, at_least=told["position"])


async def heard(events: AsyncIterator[FeedEvent], record: Json) -> str:
    """What the feed tells of this record next."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for event in events:
            if event.data and event.json.get("data", {}).get("id") == record["id"]:
                return str(event.json["type"]).rpartition(".")[2]
    raise AssertionError("the feed ended")


async def found(partner: Partner, record: Json) -> set[str]:
    """Where this reader comes across the record."""
    words = record["title"]["text"].split()[1]
    status, _, _ = await partner.call("GET", f"/v1/engagements/{record['id']}")
    listed = await partner.all_pages("/v1/engagements")
    searched = await partner.get("/v1/records", q=words)
    places = {
        "get": status != NOT_FOUND,
        "list": record["id"] in {item["id"] for item in listed},
        "search": record["id"] in {item["id"] for item in searched["items"]},
    }
    return {place for place, there in places.items() if there}


async def test_it_opens_and_expires_by_itself(everybody: Everybody, record: Json) -> None:
    officer, agency = everybody["liaison-officer"], everybody["un-agency"]
    cursor = (await agency.get("/v1/changes"))["next_cursor"]
    assert await found(agency, record) == set()
    opens = {"declassify_at": soon(), "label": FOR_THE_AGENCY}
    ours = await changed(officer, record, "schedule", opens)
    assert ours["handling"]["dates"]["declassify_to"] == {"base": FOR_THE_AGENCY}

    async with agency.feed(cursor) as events:
        assert await heard(events, record) == "changed"
        assert await found(agency, record) == {"get", "list", "search"}
        seen = await agency.get(f"/v1/engagements/{record['id']}")
        assert (seen["label"], "handling" in seen) == (FOR_THE_AGENCY, False)

        await changed(officer, record, "schedule", {"expires_at": soon()})
        assert await heard(events, record) == "revoked"
    assert await found(agency, record) == set()
    assert "get" in await found(officer, record)
    told = await officer.get(f"/v1/records/{record['id']}/history")
    happened = [item["type"] for item in told["items"]]
    assert "record.declassified.v1" in happened
    assert "record.expired.v1" in happened


async def test_dates_are_set_by_who_has_seen_the_record_as_it_stands(
    everybody: Everybody, record: Json
) -> None:
    path = f"/v1/engagements/{record['id']}/schedule"
    headers = {"Idempotency-Key": uuid4().hex}
    status, _, _ = await everybody["liaison-officer"].call("POST", path, {}, headers=headers)
    assert status == PRECONDITION


async def test_a_label_to_review_is_listed_for_its_owner(
    everybody: Everybody, record: Json
) -> None:
    officer = everybody["liaison-officer"]
    await changed(officer, record, "mark", {"review_on": "2026-01-15"})
    by = {"owner": officer.persona.organisation_id}
    due = await officer.get("/v1/engagements", review_by="2026-01-15", **by)
    early = await officer.get("/v1/engagements", review_by="2026-01-14", **by)
    assert record["id"] in {item["id"] for item in due["items"]}
    assert record["id"] not in {item["id"] for item in early["items"]}

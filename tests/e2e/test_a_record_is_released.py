"""A record is released to more people: asked for, approved by another, seen by them; and recalled."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.conftest import APPROVER, Everybody, provisioned
from tests.e2e.partner import Partner, Persona
from tests.stack.installation import Installation

FOR_US = {"level": "confidential", "releasable_to": [["mil"]], "caveats": []}
FOR_THE_AGENCY = {"level": "confidential", "releasable_to": [["mil", "un"]], "caveats": []}
NOT_FOUND, CONFLICT, PRECONDITION = 404, 409, 428
Json = dict[str, Any]  # Any: what the gateway answers


@pytest.fixture(scope="module")
async def approver(installation: Installation, everybody: Everybody) -> AsyncIterator[Partner]:
    persona = Persona.of(await asyncio.to_thread(provisioned, installation, APPROVER))
    async with Partner(installation.gateway_url, persona) as partner:
        yield partner


@pytest.fixture
async def record(everybody: Everybody) -> str:
    body = {
        "purpose": f"Talks {uuid4().hex}",
        "type": "routine_liaison",
        "starts_at": "2031-06-02T09:00:00Z",
        "label": FOR_US,
    }
    made = await everybody["liaison-officer"].post("/v1/engagements", body)
    return f"/v1/engagements/{made['id']}"


async def acted(partner: Partner, path: str, body: Json, **headers: str) -> tuple[int, Json]:
    sent = {"Idempotency-Key": uuid4().hex, **headers}
    status, answer, _ = await partner.call("POST", path, body, headers=sent)
    return status, answer


async def approved(approver: Partner, record: str) -> None:
    """Released by who has read the record as it stands, and to be seen by everybody."""
    _, _, seen = await approver.call("GET", record)
    headers = {"If-Match": seen["ETag"]}
    status, told = await acted(approver, f"{record}/approve_release", {"note": "Go"}, **headers)
    assert status == 200, told
    await approver.get(record, at_least=str(told["position"]))


async def test_a_second_person_releases_a_record_and_it_keeps_its_past(
    everybody: Everybody, approver: Partner, record: str
) -> None:
    officer, agency = everybody["liaison-officer"], everybody["un-agency"]
    alone, problem = await acted(officer, f"{record}/relabel", {"label": FOR_THE_AGENCY})
    assert (alone, problem["code"]) == (CONFLICT, "release_needs_approval")
    before = await officer.get(record)

    asked = await officer.post(f"{record}/request_release", {"label": FOR_THE_AGENCY})
    waiting = (await officer.get(record, at_least=asked["position"]))["handling"]["waiting"]
    assert waiting["wanted"] == {"base": FOR_THE_AGENCY}
    assert (await agency.call("GET", record))[0] == NOT_FOUND
    blind, _ = await acted(approver, f"{record}/approve_release", {})
    assert blind == PRECONDITION
    cursor = (await agency.get("/v1/changes"))["next_cursor"]
    await approved(approver, record)
    seen = await agency.get(record)
    assert (seen["id"], seen["label"], seen["purpose"]) == (
        before["id"],
        FOR_THE_AGENCY,
        before["purpose"],
    )
    assert "handling" not in seen
    path = f"/v1/records/{seen['id']}"
    told = await agency.get(f"{path}/history")
    assert [item["type"] for item in told["items"]] == ["record.released.v1"]
    ours = await officer.get(f"{path}/history")
    assert "record.release_requested.v1" in [item["type"] for item in ours["items"]]
    as_of = before["updated_at"]
    assert (await agency.call("GET", record, params={"as_of": as_of}))[0] == NOT_FOUND

    recalled = await officer.post(f"{record}/relabel", {"label": FOR_US})
    await officer.get(record, at_least=recalled["position"])
    assert (await agency.call("GET", record))[0] == NOT_FOUND
    changes = (await agency.get("/v1/changes", since=cursor))["items"]
    (last,) = [one for one in changes if one["id"] == seen["id"]][-1:]
    assert set(last) <= {"id", "kind", "what", "cursor", "position", "type"}


async def test_what_was_previewed_is_what_the_others_get(
    everybody: Everybody, approver: Partner, record: str
) -> None:
    officer, agency = everybody["liaison-officer"], everybody["un-agency"]
    path = f"/v1/records/{record.rpartition('/')[2]}"
    asked = {"label": FOR_THE_AGENCY, "audience": "un", "caveats": ["PROTECTION"]}
    status, told = await acted(officer, f"{path}/release_preview", asked)
    assert status == 200, told
    assert any(one["then"] > one["now"] for one in told["reach"] if one["group"] == "base")
    assert (await acted(agency, f"{path}/release_preview", asked))[0] == NOT_FOUND
    waiting = await officer.post(f"{record}/request_release", {"label": FOR_THE_AGENCY})
    await officer.get(record, at_least=waiting["position"])
    await approved(approver, record)
    seen, previewed = await agency.get(record), told["record"]
    # The agency's desk is of this community, and holds this caveat and nothing else.
    passing = ("version", "updated_at")
    assert {k: v for k, v in seen.items() if k not in passing} == {
        k: v for k, v in previewed.items() if k not in passing
    }


async def test_what_waits_is_listed_for_its_owner_alone(
    everybody: Everybody, approver: Partner, record: str
) -> None:
    officer = everybody["liaison-officer"]
    asked = await officer.post(f"{record}/request_release", {"label": FOR_THE_AGENCY})
    await officer.get(record, at_least=asked["position"])
    for_approval = await approver.get("/v1/engagements", release_waits="true")
    assert record.rpartition("/")[2] in {item["id"] for item in for_approval["items"]}
    assert (await everybody["un-agency"].get("/v1/engagements", release_waits="true"))[
        "items"
    ] == []


async def test_how_a_record_is_to_be_handled_is_told_to_its_readers(
    everybody: Everybody, record: str
) -> None:
    officer = everybody["liaison-officer"]
    _, _, seen = await officer.call("GET", record)
    marks = {"tags": ["CHATHAM-HOUSE"], "review_on": "2032-01-01"}
    status, told = await acted(officer, f"{record}/mark", marks, **{"If-Match": seen["ETag"]})
    assert status == 200, told
    view = await officer.get(record, at_least=told["position"])
    assert "CHATHAM-HOUSE" in view["tags"]
    assert view["marked"]["review_on"] == "2032-01-01"

"""An extract of a record: for more people, and known as one to who reads the record alone."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.conftest import APPROVER, Everybody, provisioned
from tests.e2e.partner import Partner, Persona
from tests.stack.installation import Installation

FOR_US = {"level": "confidential", "releasable_to": [["mil"]], "caveats": []}
FOR_ALL = {"level": "unclassified", "releasable_to": [["mil", "un"]], "caveats": []}
OK, NOT_FOUND, CONFLICT, PRECONDITION = 200, 404, 409, 428
OTHERWISE = re.compile(
    r'(engagement_[0-9a-z]{26}|"(version|recorded_at|updated_at|position)": ?"[^"]*")'
)
Json = dict[str, Any]  # Any: what the gateway answers


@pytest.fixture(scope="module")
async def approver(installation: Installation, everybody: Everybody) -> AsyncIterator[Partner]:
    persona = Persona.of(await asyncio.to_thread(provisioned, installation, APPROVER))
    async with Partner(installation.gateway_url, persona) as partner:
        yield partner


def talks(label: Json, **more: str) -> Json:
    return {
        "purpose": "Talks took place",
        "type": "routine_liaison",
        "starts_at": "2031-06-02T09:00:00Z",
        "label": label,
        **more,
    }


async def acted(partner: Partner, path: str, body: Json, **headers: str) -> tuple[int, Json]:
    sent = {"Idempotency-Key": uuid4().hex, **headers}
    status, answer, _ = await partner.call("POST", path, body, headers=sent)
    return status, answer


async def allowed(officer: Partner, approver: Partner, source: str, label: Json) -> None:
    body = {"label": label, "reason": "Who was met"}
    waits = await officer.post(f"/v1/engagements/{source}/request_extract", body)
    await officer.get(f"/v1/records/{source}", at_least=waits["position"])
    await approved(approver, source, "approve_release")


async def approved(approver: Partner, record_id: str, verb: str) -> None:
    _, _, seen = await approver.call("GET", f"/v1/records/{record_id}")
    headers = {"If-Match": seen["ETag"]}
    status, told = await acted(approver, f"/v1/engagements/{record_id}/{verb}", {}, **headers)
    assert status == 200, told
    await approver.get(f"/v1/records/{record_id}", at_least=str(told["position"]))


async def made(officer: Partner, approver: Partner) -> tuple[str, str]:
    """A record of the officer's, and an extract of it."""
    secret = talks(FOR_US) | {"purpose": f"Talks on {uuid4().hex}"}
    source = str((await officer.post("/v1/engagements", secret))["id"])
    await allowed(officer, approver, source, FOR_ALL)
    extract = await officer.post("/v1/engagements", talks(FOR_ALL, extract_of=source))
    await officer.get(f"/v1/records/{extract['id']}", at_least=extract["position"])
    return source, str(extract["id"])


async def ids(partner: Partner, **filters: str) -> list[str]:
    return [one["id"] for one in (await partner.get("/v1/engagements", **filters))["items"]]


async def everything_of(partner: Partner, record_id: str) -> str:
    """What somebody is told of a record, without what differs between any two."""
    parts = [
        str(await partner.get(f"/v1/records/{record_id}{part}"))
        for part in ("", "/history", "/edges", "/extracts", "/access")
    ]
    return OTHERWISE.sub("", " ".join(parts).replace("'", '"'))


async def test_a_second_person_allows_one_extract_and_others_see_a_record_like_any_other(
    everybody: Everybody, approver: Partner
) -> None:
    officer, agency = everybody["liaison-officer"], everybody["un-agency"]
    cursor = (await agency.get("/v1/changes"))["next_cursor"]
    source, extract = await made(officer, approver)
    plain = await officer.post("/v1/engagements", talks(FOR_ALL))
    await officer.get(f"/v1/records/{plain['id']}", at_least=plain["position"])

    assert await everything_of(agency, extract) == await everything_of(agency, plain["id"])
    assert (await agency.call("GET", f"/v1/records/{source}/extracts"))[0] == NOT_FOUND
    changes = (await agency.get("/v1/changes", since=cursor))["items"]
    assert [one["id"] for one in changes] == [extract, plain["id"]]
    status, told = await acted(officer, "/v1/engagements", talks(FOR_ALL, extract_of=source))
    assert (status, told["code"]) == (CONFLICT, "extract_needs_approval")


async def test_the_owner_sees_the_source_alone_in_lists_and_hears_when_it_changes(
    everybody: Everybody, approver: Partner
) -> None:
    officer, agency = everybody["liaison-officer"], everybody["un-agency"]
    source, extract = await made(officer, approver)
    up, down = f"/v1/records/{extract}/extracts", f"/v1/records/{source}/extracts"
    assert await officer.get(up) == {
        "of": [{"id": source, "source_changed": False}],
        "items": [],
    }
    assert (await officer.get(down))["items"] == [{"id": extract, "source_changed": False}]
    edges = (await officer.get(f"/v1/records/{source}/edges"))["items"]
    assert [one["to"] for one in edges if one["kind"] == "extract"] == [extract]
    ours = {one["id"] for one in (await officer.get("/v1/engagements", page_size="500"))["items"]}
    theirs = {one["id"] for one in (await agency.get("/v1/engagements", page_size="500"))["items"]}
    assert (source in ours, extract in ours, extract in theirs) == (True, False, True)

    later = {"reason": "routes"}
    changed = await officer.post(f"/v1/engagements/{source}/cancel", later)

    told = await officer.get(down, at_least=changed["position"])
    assert told["items"] == [{"id": extract, "source_changed": True}]
    asked = {"source_changed": "true", "owner": officer.persona.organisation_id}
    assert await ids(officer, **asked) == [extract]
    assert await ids(agency, source_changed="true") == []
    _, _, seen = await officer.call("GET", f"/v1/records/{source}")
    check, of = f"/v1/engagements/{source}/check_extract", {"extract": extract}
    assert (await acted(officer, check, of))[0] == PRECONDITION
    status, holds = await acted(officer, check, of, **{"If-Match": seen["ETag"]})
    assert status == OK, holds
    told = await officer.get(down, at_least=str(holds["position"]))
    assert told["items"] == [{"id": extract, "source_changed": False}]
    assert await ids(officer, **asked) == []
    recalled = await officer.post(f"/v1/engagements/{extract}/relabel", {"label": FOR_US})
    await officer.get(up, at_least=recalled["position"])
    assert (await agency.call("GET", f"/v1/records/{extract}"))[0] == NOT_FOUND


async def test_an_extract_stays_when_what_its_source_held_is_removed(
    everybody: Everybody, approver: Partner
) -> None:
    officer, agency = everybody["liaison-officer"], everybody["un-agency"]
    source, extract = await made(officer, approver)
    words = (await officer.get(f"/v1/records/{source}"))["purpose"]["text"]
    ask = {"ground": "spill", "reason": "It names a source."}
    asked = await officer.post(f"/v1/engagements/{source}/ask_removal", ask)
    await officer.get(f"/v1/records/{source}", at_least=asked["position"])

    await approved(approver, source, "approve_removal")

    told = await officer.get(f"/v1/records/{extract}/extracts")
    assert told["of"] == [{"id": source, "source_changed": True}]
    _, _, removed = await officer.call("GET", f"/v1/records/{source}")
    check, of = f"/v1/engagements/{source}/check_extract", {"extract": extract}
    status, holds = await acted(officer, check, of, **{"If-Match": removed["ETag"]})
    assert status == OK, holds
    told = await officer.get(f"/v1/records/{extract}/extracts", at_least=str(holds["position"]))
    assert told["of"] == [{"id": source, "source_changed": False}]
    seen = await officer.get(f"/v1/records/{extract}")
    assert seen["purpose"]["text"] == "Talks took place"
    history = await officer.get(f"/v1/records/{extract}/history")
    assert words not in str(history) + str(seen)
    assert (await agency.get(f"/v1/records/{extract}"))["purpose"] == seen["purpose"]

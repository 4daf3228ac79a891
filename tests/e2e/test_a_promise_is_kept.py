"""A promise made at a meeting: followed, disputed, acknowledged, proved; and seen by whom it concerns."""

import asyncio
import io
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.e2e.conftest import Everybody
from tests.e2e.partner import Partner

KNOWN_SECONDS = 30
PDF = b"%PDF-1.7 invented delivery note"
SHARED = {"level": "unclassified", "releasable_to": [["un", "local", "ngo"]]}
FOR_THE_COUNCIL = {"level": "unclassified", "releasable_to": [["local"]]}


@pytest.fixture
async def promise(everybody: Everybody) -> str:
    """One of the agency's, out of a debrief; shown to local authorities."""
    agency = everybody["un-agency"]
    council = await agency.post(
        "/v1/organisations",
        {"name": f"Council {uuid4().hex}", "organisation_kind": "local_authority"},
    )
    told = await recorded(agency, a_meeting(council["id"]))
    (found,) = [hint["record_id"] for hint in told["hints"] if hint["code"] == "commitment_given"]
    await agency.post(f"/v1/commitments/{found}/relabel", {"label": FOR_THE_COUNCIL})
    return str(found)


def a_meeting(whom: str) -> dict[str, Any]:
    promised = {"direction": "by_us", "what": "Ten water pumps", "due_at": "2020-03-01T12:00:00Z"}
    return {
        "type": "coordination_meeting",
        "purpose": "Water for the camp",
        "starts_at": "2020-02-01T09:00:00Z",
        "participants": [{"side": "counterpart", "organisation_id": whom}],
        "label": SHARED,
        "debrief": {"summary": "They need pumps.", "commitments": [promised]},
    }


async def recorded(partner: Partner, body: dict[str, Any]) -> dict[str, Any]:
    """Once whom it met is known there."""
    key = uuid4().hex
    async with asyncio.timeout(KNOWN_SECONDS):
        while True:
            status, told, _ = await partner.call(
                "POST", "/v1/engagements/record_held", body, headers={"Idempotency-Key": key}
            )
            if status != 422:
                break
    assert status == 201, told
    return told


async def upload(partner: Partner, path: str, content: bytes, status: int) -> Any:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field(
        "file", io.BytesIO(content), filename="Note 17.pdf", content_type="application/pdf"
    )
    headers = partner.headers | {"Idempotency-Key": uuid4().hex}
    async with partner.session.post(path, data=form, headers=headers) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json(content_type=None)


async def test_a_promise_goes_from_the_debrief_to_its_proof(
    everybody: Everybody, promise: str
) -> None:
    agency, council, forum = (everybody[who] for who in ("un-agency", "municipality", "ngo-forum"))
    at = f"/v1/commitments/{promise}"
    cursor = (await council.get("/v1/changes"))["next_cursor"]
    await agency.post(f"{at}/accept", {})
    await agency.post(f"{at}/progress", {"progress": 1, "note": "Three have come"})
    await council.post(f"{at}/dispute", {"text": "We have seen two"})
    await council.post(f"{at}/acknowledge", {"note": "All ten work now"})
    made = await upload(agency, f"{at}/attachments", PDF, 201)
    told = await agency.post(f"{at}/keep", {"attachments": [made["id"]]})
    view = await agency.get(at, at_least=told["position"])
    assert (view["status"], view["attachments"]) == ("kept", [made["id"]])
    seen = await council.get(at)
    assert [one["text"]["text"] for one in seen["disputes"]] == ["We have seen two"]
    assert seen["overdue"] is False
    changes = await council.get("/v1/changes", since=cursor)
    assert promise in {one["id"] for one in changes["items"]}
    for verb, body in (("dispute", {"text": "No"}), ("acknowledge", {})):
        headers = {"Idempotency-Key": uuid4().hex}
        assert (await forum.call("POST", f"{at}/{verb}", body, headers=headers))[0] == 404
    assert (await forum.call("GET", at))[0] == 404


async def test_a_file_is_given_out_to_its_readers_and_to_nobody_else(
    everybody: Everybody, promise: str
) -> None:
    agency, council = everybody["un-agency"], everybody["municipality"]
    at = f"/v1/commitments/{promise}/attachments"
    made = await upload(agency, at, PDF, 201)
    path = f"/v1/attachments/{made['id']}/content"
    async with agency.session.get(path, headers=agency.headers) as answer:
        assert (answer.status, await answer.read()) == (200, PDF)
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Note%2017.pdf"
        assert (answer.headers["X-Content-Type-Options"], answer.content_type) == (
            "nosniff",
            "application/pdf",
        )
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert (await council.call("GET", path))[0] == 404
    await upload(agency, at, b"x" * (10 * 1024 * 1024 + 1), 413)
    await upload(agency, at, b"MZ\x90\x00\x03", 422)


async def test_what_is_overdue_is_listed_as_overdue(everybody: Everybody, promise: str) -> None:
    agency = everybody["un-agency"]
    async with asyncio.timeout(KNOWN_SECONDS):
        while True:
            late = await agency.all_pages("/v1/commitments", overdue="true", type="by_us")
            if promise in {item["id"] for item in late}:
                break
            await asyncio.sleep(0.1)
    others = await agency.all_pages("/v1/commitments", overdue="false")
    assert promise not in {item["id"] for item in others}

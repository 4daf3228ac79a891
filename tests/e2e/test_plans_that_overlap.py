"""Planning a meeting: who else is meeting the same, and whom one met before."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.conftest import Everybody
from tests.e2e.partner import Partner

KNOWN_SECONDS = 30
UNKNOWN_REFERENCE = 422
PLAN = {"type": "coordination_meeting", "duration_minutes": 60}
THEN = {"starts_at": "2031-05-06T09:00:00Z"}
NEXT_DAY = {"starts_at": "2031-05-07T09:00:00Z"}


@pytest.fixture
async def council(everybody: Everybody) -> str:
    """Somebody whom nobody has met yet."""
    body = {"name": f"Council {uuid4().hex}", "organisation_kind": "local_authority"}
    return str((await everybody["un-agency"].post("/v1/organisations", body))["id"])


def meeting(whom: str, *audiences: str, **more: Any) -> dict[str, Any]:
    label = {"level": "unclassified", "releasable_to": [list(audiences)]} if audiences else {}
    return {
        **PLAN, **THEN,
        "purpose": "Market access",
        "participants": [{"side": "counterpart", "organisation_id": whom}],
        "label": {"level": "unclassified", **label},
        **more,
    }  # fmt: skip


async def planned(partner: Partner, body: dict[str, Any]) -> str:
    """Once whom it is to meet is known there; the record's id, when its writer reads it."""
    async with asyncio.timeout(KNOWN_SECONDS):
        while True:
            status, told, _ = await partner.call(
                "POST", "/v1/engagements", body, headers={"Idempotency-Key": uuid4().hex}
            )
            if status != UNKNOWN_REFERENCE:
                break
    assert status == 201, told
    await partner.get(f"/v1/engagements/{told['id']}", at_least=told["position"])
    return str(told["id"])


async def test_a_plan_to_meet_the_same_about_then_is_hinted_at(
    everybody: Everybody, council: str
) -> None:
    theirs = await planned(everybody["ops-centre"], meeting(council, "un", "mission"))
    agency = everybody["un-agency"]
    ours = await agency.post("/v1/engagements", meeting(council, **NEXT_DAY))
    assert [(h["code"], h["record_id"]) for h in ours["hints"]] == [("overlap", theirs)]
    listed = await agency.get(
        "/v1/engagements/overlaps", parties=council, starts_at=THEN["starts_at"]
    )
    assert [item["id"] for item in listed["items"]] == [theirs]


async def test_a_hidden_plan_is_never_hinted_at(everybody: Everybody, council: str) -> None:
    await planned(everybody["ops-centre"], meeting(council))
    ours = await everybody["un-agency"].post("/v1/engagements", meeting(council))
    assert "hints" not in ours


async def test_whom_one_met_in_a_series_is_suggested_for_the_next_meeting(
    everybody: Everybody, council: str
) -> None:
    agency, series = everybody["un-agency"], f"Weekly {uuid4().hex}"
    await planned(agency, meeting(council, series=series))
    found = await agency.get("/v1/engagements/suggested_attendees", series=series, limit="1")
    assert [(one["id"], one["why"]) for one in found["items"]] == [(council, "same_series")]

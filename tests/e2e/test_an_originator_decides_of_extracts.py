"""What another organisation controls is extracted once it agrees, and not at all where it refuses."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.conftest import Everybody
from tests.e2e.partner import Partner, Persona
from tests.stack.installation import Installation

FOR_ALL = {"level": "unclassified", "releasable_to": [["mil", "un"]], "caveats": []}
OPEN = {"level": "public", "releasable_to": [["all"]], "caveats": []}
WHY = {"reason": "It controls what it told us"}
OK, CREATED, FORBIDDEN, NOT_FOUND, CONFLICT = 200, 201, 403, 404, 409
Json = dict[str, Any]  # Any: what the gateway answers


@pytest.fixture(scope="module")
async def originator(installation: Installation, everybody: Everybody) -> AsyncIterator[Partner]:
    """An organisation with a record of its own, let in with one person and his machine."""
    officer, administrator = everybody["liaison-officer"], everybody["security-officer"]
    house = await officer.post("/v1/organisations", {"name": "Invented Observers", "label": OPEN})
    await officer.get(f"/v1/records/{house['id']}", at_least=house["position"])
    persona = await let_in(administrator, str(house["id"]))
    async with Partner(installation.gateway_url, persona) as partner:
        yield partner


async def let_in(administrator: Partner, organisation: str) -> Persona:
    name, access = f"observer-{uuid4().hex[:8]}", "/v1/access"
    level = {"level": "confidential"} | WHY
    partner = {"organisation_id": organisation, "name": "Invented Observers"}
    await administrator.post(f"{access}/partners", partner | level)
    person = {"username": name, "display_name": "Observer", "organisation_id": organisation}
    account = (await administrator.post(f"{access}/people", person | level))["id"]
    at = f"{access}/people/{account}"
    await administrator.post(f"{at}/grant", {"kind": "role", "name": "partner"} | WHY)
    known = await administrator.get(at)
    machine = {"account_id": known["account_id"], "name": name} | level
    client = (await administrator.post(f"{access}/clients", machine))["id"]
    at = f"{access}/clients/{client}"
    secret = (await administrator.post(f"{at}/add_secret", WHY))["secret"]
    return Persona(
        name, name, name, organisation, ("partner",), (), "confidential", (), name, "",
        (await administrator.get(at))["client_id"], secret,
    )  # fmt: skip


async def acted(
    partner: Partner, record: str, verb: str, body: Json | None = None
) -> tuple[int, Json]:
    """Done to the record as it stands for whoever does it, and read back by him."""
    path = f"/v1/engagements/{record}"
    _, _, seen = await partner.call("GET", path)
    headers = {"Idempotency-Key": uuid4().hex, "If-Match": seen.get("ETag", "*")}
    status, told, _ = await partner.call("POST", f"{path}/{verb}", body or {}, headers=headers)
    if status == OK:
        await partner.get(path, at_least=told["position"])
    return status, told


def talks(label: Json, **more: str) -> Json:
    word = f"Talks {uuid4().hex}"
    when = {"type": "routine_liaison", "starts_at": "2031-06-02T09:00:00Z"}
    return {"purpose": word, **when, "label": label, **more}


async def extracted(officer: Partner, source: str) -> tuple[int, Json]:
    headers = {"Idempotency-Key": uuid4().hex}
    body = talks(FOR_ALL, extract_of=source)
    status, told, _ = await officer.call("POST", "/v1/engagements", body, headers=headers)
    return status, told


@pytest.fixture
async def controlled(everybody: Everybody, originator: Partner) -> str:
    """A record of the officer's that its originator reads, and controls."""
    officer, house = everybody["liaison-officer"], originator.persona.organisation_id
    label = {"level": "confidential", "releasable_to": [["mil", f"org:{house}"]], "caveats": []}
    record = str((await officer.post("/v1/engagements", talks(label)))["id"])
    marks = {"originator": house, "originator_control": True}
    status, told = await acted(officer, record, "mark", marks)
    assert status == OK, told
    return record


async def test_an_extract_is_made_and_released_once_its_originator_agrees(
    everybody: Everybody, originator: Partner, controlled: str
) -> None:
    officer, chief = everybody["liaison-officer"], everybody["liaison-chief"]
    agency = everybody["un-agency"]
    status, told = await extracted(officer, controlled)
    assert (status, told["code"]) == (CONFLICT, "extract_needs_approval")
    assert (await extracted(originator, controlled))[0] == FORBIDDEN

    assert (await acted(officer, controlled, "request_extract", {"label": FOR_ALL}))[0] == OK
    waits = await originator.get("/v1/engagements", release_waits="true")
    assert [one["id"] for one in waits["items"]] == [controlled]
    early, problem = await acted(chief, controlled, "approve_release")
    assert (early, problem["code"]) == (CONFLICT, "originator_has_not_agreed")
    assert (await acted(officer, controlled, "agree_release"))[0] == FORBIDDEN
    assert (await acted(originator, controlled, "agree_release", {"note": "Go"}))[0] == OK
    assert (await acted(chief, controlled, "approve_release"))[0] == OK

    status, made = await extracted(officer, controlled)
    assert status == CREATED, made
    view = await officer.get(f"/v1/records/{made['id']}", at_least=made["position"])
    seen = await agency.get(f"/v1/records/{made['id']}")
    assert (seen["purpose"], "ORIGINATOR-CONTROL" in seen["tags"]) == (view["purpose"], True)
    assert (await agency.call("GET", f"/v1/records/{controlled}"))[0] == NOT_FOUND
    # One was agreed to, and what was made of it goes no further without its originator either.
    status, told = await extracted(officer, controlled)
    assert (status, told["code"]) == (CONFLICT, "extract_needs_approval")
    status, told = await acted(officer, made["id"], "relabel", {"label": OPEN})
    assert (status, told["code"]) == (CONFLICT, "release_needs_approval")


async def test_what_its_originator_refuses_is_never_made(
    everybody: Everybody, originator: Partner, controlled: str
) -> None:
    officer, chief = everybody["liaison-officer"], everybody["liaison-chief"]
    agency = everybody["un-agency"]
    cursor = (await agency.get("/v1/changes"))["next_cursor"]
    assert (await acted(officer, controlled, "request_extract", {"label": FOR_ALL}))[0] == OK

    why = {"reason": "It would tell who spoke to us"}
    assert (await acted(originator, controlled, "refuse_release", why))[0] == OK

    told = (await officer.get(f"/v1/records/{controlled}"))["handling"]
    assert told["refused"]["reason"]["text"] == why["reason"]
    status, problem = await acted(chief, controlled, "approve_release")
    assert (status, problem["code"]) == (CONFLICT, "no_release_waits")
    status, problem = await extracted(officer, controlled)
    assert (status, problem["code"]) == (CONFLICT, "extract_needs_approval")
    assert (await officer.get(f"/v1/records/{controlled}/extracts"))["items"] == []
    assert (await agency.get("/v1/changes", since=cursor))["items"] == []

"""Fault: a number that is not finite (NaN, Infinity, 1e400) in a body. Promise: a service takes none, not
even for a field that may be left out, says so, and has changed nothing."""

from typing import Any

import pytest

from services.gateway.partner_api.kinds import KINDS, KindApi
from shared.eventstore.store import open_store
from tests.security.bodies import CREATED, Things, body_of
from tests.security.endless_numbers import ENDLESS, TOLD, bodies_with
from tests.security.out_of_sight import absent_things
from tests.service.deciding_world import Answer, Caller, Installed

BY_SERVICE = {
    service: [api for api in KINDS if api.service == service]
    for service in ("contacts", "engagements")
}


async def test_contacts_refuses_them_everywhere(contacts: Caller, installed: Installed) -> None:
    await _refused_everywhere(contacts, installed)


async def test_engagements_refuses_them_everywhere(
    engagements: Caller, installed: Installed
) -> None:
    await _refused_everywhere(engagements, installed)


@pytest.mark.parametrize("number", ENDLESS)
async def test_what_stands_there_is_not_cleared_by_one(contacts: Caller, number: str) -> None:
    named = {"name": "River Aid", "organisation_kind": "ngo"}
    made = await contacts.post("/organisations", named)
    body = f'{{"name": "River Aid", "organisation_kind": {number}}}'.encode()
    answer = await contacts.post(f"/organisations/{made.id}/amend", body)
    again = await contacts.post(f"/organisations/{made.id}/amend", named)
    assert (_told(answer), again.json["outcome"]) == (TOLD, "unchanged")


@pytest.mark.parametrize("words", ["NaN", "Infinity", "1e400", '" NaN', '\\" 1e400', "9" * 150])
async def test_a_text_may_hold_such_words(contacts: Caller, words: str) -> None:
    answer = await contacts.post("/organisations", {"name": words})
    assert answer.status == 201, answer.json


async def _refused_everywhere(caller: Caller, installed: Installed) -> None:
    await caller.until_ready()
    told = {
        path: [_told(await _send(caller, path, wrong)) for wrong in bodies_with(right)]
        for api in BY_SERVICE[caller.service]
        for path, right in _writes(api, absent_things(api.plural)).items()
    }
    assert {path: each for path, each in told.items() if set(each) != {TOLD}} == {}
    url = installed.databases.url(caller.service, "app")
    async with open_store(url, connections=1) as store:
        assert (await store.head()).position == 0


def _writes(api: KindApi, things: Things) -> dict[str, Any]:
    """A right body for each path of the kind; the records are not there, which is looked at later."""
    base, created = f"/{api.plural}", CREATED[api.plural](things)
    item = {"key": "k", "scenario_time": "2025-01-01T09:00:00Z", "body": created}
    return {
        **{f"{base}/{way}".rstrip("/"): created for way in api.creators},
        **{
            f"{base}/{things[api.kind.value]}/{verb}": body_of(api.plural, verb, things)
            for verb in api.verbs
        },
        f"{base}/external/c2/7": created,
        f"{base}/batch": {"items": [item]},
    }


async def _send(caller: Caller, path: str, body: bytes) -> Answer:
    return await (caller.put if "/external/" in path else caller.post)(path, body)


def _told(answer: Answer) -> tuple[int, Any]:
    return answer.status, answer.json["code"]

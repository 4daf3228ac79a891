"""On every route of the gateway, what its caller may not see is answered as what never was.

The routes come from the application itself: one without a row (rows.py) fails.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Route

from services.gateway.partner_api.kinds import ATTACHMENTS, KINDS, KindApi
from tests.security.bodies import CREATED, Things, body_of
from tests.security.comparing import Comparing
from tests.security.conftest import House
from tests.security.out_of_sight import ADMINISTRATOR, OWNER, absent_things
from tests.security.rows import rows
from tests.security.rows_pages import Row
from tests.thorough import one_in

# Of what one caller asks about everything, the others ask every so many.
ALL, SHARE = one_in(4), one_in(28, thorough=7)
# Rows by which not even their owner can tell the things apart, and why.
TOLD_TO_NOBODY = {
    "GET /v1/engagements/overlaps": "Nobody's plans overlap with his own.",
    "GET /engagements/{record_id}/debrief": "It was not held yet.",
    "GET /{plural}/{record_id}/unmerge": "It was not merged.",
    "POST /{plural}/{record_id}/unmerge": "It was not merged.",
    "POST /commitments/{record_id}/attachments": "The form holds no file.",
    "POST /people/new": "It would be read by more people than what it refers to.",
    "POST /view-as": "Nobody of it is let in.",
    "POST /jobs/export": "What it found is told by the job.",
    **{f"POST /v1/{api.plural}/export": "What it found is told by the job." for api in KINDS},
    **{f"POST /v1/{api.plural}/import": "What was refused is told by the job." for api in KINDS},
    "POST /posts/new": "It would be read by more people than what it refers to.",
}
# To whoever does not administer access.
ADMINISTERED = ("/v1/access", "/access/{plural}", "/v1/break_glass", "/emergencies")
CLOSED = tuple(f"{method} {path}" for path in ADMINISTERED for method in ("GET", "POST"))


def routes_of(app: FastAPI) -> list[str]:
    """Method and path of every route."""
    return [
        f"{method} {route.path}"
        for route in _flat(app.routes)
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def _flat(routes: Sequence[Any]) -> Iterator[Route]:  # Any: routes, and routers that were included
    for route in routes:
        router = getattr(route, "original_router", None)
        yield from _flat(router.routes) if router else [route]


async def test_every_route_has_a_row_and_every_row_a_route(house: House) -> None:
    assert set(routes_of(house.world.apps["gateway"])) == rows().keys()


@pytest.mark.parametrize("api", [*KINDS, ATTACHMENTS], ids=lambda api: api.plural)
def test_what_is_asked_of_each_verb_is_right(api: KindApi) -> None:
    """What is wrong would be refused before anybody looks whether the record is there."""
    things = absent_things("right")
    for name, verb in api.verbs.items():
        verb.request.model_validate_json(json.dumps(body_of(api.plural, name, things)))
    for verb in api.creators.values():
        verb.request.model_validate_json(json.dumps(CREATED[api.plural](things)))


async def test_their_owner_can_tell_them_apart(house: House) -> None:
    things, absent = await house.hiding.hide("to tell"), absent_things("to tell")
    comparing = Comparing(house.seats[OWNER], house.hiding.number)
    alike = [
        route
        for route, asks in sorted(rows().items(), key=_harm)
        if not isinstance(asks, str) and not await comparing.tells_apart(asks, things, absent)
    ]
    house.hiding.number = comparing.number
    assert {route for route in alike if not route.startswith(CLOSED)} == TOLD_TO_NOBODY.keys()


async def test_what_never_was_shown_is_absent(house: House) -> None:
    await _answers_alike(house, "un-agency", await house.hiding.hide("never shown"), ALL)


async def test_what_was_shown_once_is_absent(house: House) -> None:
    await _answers_alike(house, "municipality", await house.hiding.hide_again("shown once"), SHARE)


async def test_what_is_over_is_absent(house: House) -> None:
    await _answers_alike(house, "ngo-forum", await house.hiding.hide_over("over"), SHARE)


async def test_whoever_administers_access_sees_no_more(house: House) -> None:
    hidden = await house.hiding.hide("administered")
    await _answers_alike(house, ADMINISTRATOR, hidden, SHARE, besides=ADMINISTERED)


def _harm(row: tuple[str, Row]) -> int:
    """Reads first, then what makes records that refer to others, then what is done to these."""
    method, _, path = row[0].partition(" ")
    acting = "id}/" in path or "batch" in path
    return (method != "GET") * (1 + acting + 2 * (method == "DELETE"))


async def _answers_alike(
    house: House, caller: str, hidden: Things, share: int, besides: Sequence[str] = ()
) -> None:
    absent = absent_things(hidden["key"]) | {"key": hidden["key"].replace("hidden", "absent")}
    comparing = Comparing(house.seats[caller], house.hiding.number, share)
    told = {
        route: await comparing.differences(asks, hidden, absent)
        for route, asks in rows().items()
        if not isinstance(asks, str) and not any(path in route for path in besides)
    }
    house.hiding.number = comparing.number
    print(f"{comparing.asked} pairs of answers to {caller}")
    assert "\n".join(f"{route}: {one}" for route, found in told.items() for one in found) == ""

"""Viewing as others shows what both read by the pure rule, on every way, with both walls and with one."""

import json
from dataclasses import dataclass, replace

import pytest

from services.gateway.partner_api.kinds import KINDS
from shared.contracts.event import Group
from shared.policy import Policy
from tests.security.conftest import House
from tests.security.planting import GROUPS, Planted, clearance
from tests.security.sinks import SHARE, lists, record_pages, singles
from tests.worlds.asking import Seat
from tests.worlds.reads import PAGES
from tests.worlds.viewing import ORGANISATION, typical, view_as

VIEWERS = ("ops-centre", "security-officer", "duty-officer")
# `ngo-forum` and the like: the organisation of that persona.
AUDIENCES = ("ngo", "un", "mil", "all", "org:un-agency", "org:ops-centre")
CLOSED_PAGE = "go back to your own view first"


@dataclass(frozen=True)
class Looking:
    """Somebody who views as others, and what both of them read of each record."""

    house: House
    seat: Seat
    shown: dict[str, frozenset[Group]]

    async def at(self, path: str) -> str:
        headers = {"Cookie": self.seat.cookie}
        async with self.house.world.http.get(path, headers=headers) as answer:
            return await answer.text()


@pytest.fixture
async def looking(
    house: House, planted: list[Planted], policy: Policy, request: pytest.FixtureRequest
) -> Looking:
    who, _, whom = request.param.partition(" as ")
    people = house.world.people
    if whom.startswith(ORGANISATION):
        whom = f"{ORGANISATION}{people[whom.removeprefix(ORGANISATION)]['organisation_id']}"
    # A session of its own: others of this person go on as themselves.
    seat = replace(house.seats[who], cookie="")
    house.hiding.number += 1
    await seat.sit_down(house.hiding.number, pages=True)
    await view_as(seat, whom, f"{request.node.name} {house.hiding.number}")
    viewer, theirs = clearance(people[who], policy), typical(whom, policy)
    return Looking(
        house,
        seat,
        {one.id: one.shown_to(viewer, policy) & one.shown_to(theirs, policy) for one in planted},
    )


@pytest.mark.parametrize(
    "looking", [f"{who} as {whom}" for who in VIEWERS for whom in AUDIENCES], indirect=True
)
async def test_lists_show_what_both_read_and_count_nothing_else(
    looking: Looking, planted: list[Planted], walls: None
) -> None:
    for api in KINDS:
        page = json.loads(await looking.at(f"/v1/{api.plural}?page_size=500&count=true"))
        views = {view["id"]: view for view in page["items"]}
        expected = {one.id: looking.shown[one.id] for one in planted if one.kind is api.kind}
        found = {
            id_: frozenset(GROUPS[api.kind]) - set(views[id_]["withheld"])
            if id_ in views
            else frozenset()
            for id_ in expected
        }
        assert found == expected
        assert page["count"] == len(views)


@pytest.mark.parametrize(
    "looking", ["ops-centre as ngo", "duty-officer as org:un-agency"], indirect=True
)
async def test_no_word_of_what_either_does_not_read_is_anywhere(
    looking: Looking, planted: list[Planted], walls: None
) -> None:
    hidden = [w for one in planted for g, w in one.words.items() if g not in looking.shown[one.id]]
    some, leaks, failed = planted[::SHARE], [], []
    for path in (*lists(), *singles(some), *PAGES, *record_pages(some)):
        told = await looking.at(path)
        failed += [path] if '"status":5' in told else []
        leaks += [(path, word) for word in hidden if word in told]
    assert (leaks, failed) == ([], [])
    assert hidden
    assert CLOSED_PAGE in await looking.at("/engagements/new")

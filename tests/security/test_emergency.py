"""Emergency access with every service real and every clock held: what it opens, and until when exactly."""

from random import Random
from typing import Any

import pytest

from tests.security.bodies import WHEN, Json
from tests.security.conftest import House
from tests.security.out_of_sight import ADMINISTRATOR, DUTY, OWNER
from tests.worlds.asking import Answer, Request

MINUTES, MINUTE = 30, 60
PROTECTED: Json = {
    "level": "unclassified",
    "releasable_to": [["mission"]],
    "caveats": ["PROTECTION"],
}
GROUPS = ("identity", "own_side", "exact_place", "source")


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    chance = Random("emergency")
    return {group: f"qg{chance.getrandbits(64):016x}" for group in GROUPS}


@pytest.fixture(scope="module")
async def meeting(house: House, words: dict[str, str]) -> str:
    """Whose every part but its base bears a caveat that can be opened: its source, too."""
    body: dict[str, Any] = {
        "purpose": "Talks at night",
        "type": "routine_liaison",
        "starts_at": WHEN,
        "participants": [{"name": words["identity"], "side": "counterpart"}],
        "own_side": {"talking_points": [words["own_side"]]},
        "exact_place": {"point": {"lat": 9.5, "lon": 31.6}, "description": words["exact_place"]},
        "source": {"description": words["source"]},
        "label": {"level": "unclassified", "releasable_to": [["mission"]]},
        "group_labels": dict.fromkeys(GROUPS, PROTECTED),
    }
    return str((await house.hiding.act(OWNER, "/v1/engagements", body))["id"])


async def test_it_opens_all_but_the_source_and_ends_at_its_second(
    house: House, meeting: str, words: dict[str, str]
) -> None:
    made = await _opened(house)
    opened_at, ways = house.hiding.number, await _ways(house, meeting)
    assert {word for word in words.values() if word in ways} == set(words.values()) - {
        words["source"]
    }
    house.hiding.number = opened_at + MINUTES * MINUTE - 1
    assert words["identity"] in await _page(house, meeting)
    house.hiding.number = opened_at + MINUTES * MINUTE
    ways = await _ways(house, meeting)
    assert [word for word in words.values() if word in ways] == []
    await house.seats[ADMINISTRATOR].sit_down(house.hiding.number, pages=False)
    page = await _asked(house, ADMINISTRATOR, f"/v1/break_glass/{made['id']}/reads")
    assert len(page.json["items"]) >= 2
    assert meeting not in page.body


async def _opened(house: House) -> Json:
    """By the duty officer, who signed in just now."""
    seat = house.seats[DUTY]
    house.hiding.number, seat.cookie = house.hiding.number + 1, ""
    await seat.sit_down(house.hiding.number, pages=True)
    asked = {"caveats": ["PROTECTION"], "minutes": MINUTES, "reason": "Shots at the landing"}
    return await house.hiding.in_person(seat, "/v1/break_glass", asked)


async def _ways(house: House, meeting: str) -> str:
    """All that its pages, its history, search and lists show of it."""
    paths = (f"/engagements/{meeting}?tab=history", "/engagements", "/search?q=qg", "/map")
    found = [(await _asked(house, DUTY, path, page=True)).body for path in paths]
    return "\n".join([await _page(house, meeting), *found])


async def _page(house: House, meeting: str) -> str:
    return (await _asked(house, DUTY, f"/engagements/{meeting}", page=True)).body


async def _asked(house: House, who: str, path: str, *, page: bool = False) -> Answer:
    """At the next moment."""
    number = house.hiding.number
    answer = await house.seats[who].ask(Request("GET", path, page=page), number)
    assert answer.status == 200, answer
    return answer

"""A word that its reader may not see is nowhere in what he is told, with both walls and with one."""

import pytest

from shared.policy import Policy
from tests.security.asking import ask
from tests.security.conftest import House
from tests.security.planting import Planted, clearance
from tests.security.sinks import sinks
from tests.security.test_matrix import PERSONAS


@pytest.mark.parametrize("persona", PERSONAS)
async def test_no_word_reaches_who_may_not_read_it(
    house: House,
    planted: list[Planted],
    policy: Policy,
    walls: None,
    persona: str,
    beginning: dict[str, str],
) -> None:
    reader = clearance(house.world.people[persona], policy)
    shown = {one.id: one.shown_to(reader, policy) for one in planted}
    hidden = [word for one in planted for g, word in one.words.items() if g not in shown[one.id]]
    asked, leaks, failed = 0, [], []
    async for path, text in sinks(house, persona, planted, beginning[persona]):
        asked += 1
        failed += [path] if '"status":5' in text else []
        leaks += [(path, word) for word in hidden if word in text]
    print(f"{len(hidden)} words hidden from {persona}, {asked} places looked into")
    assert (leaks, failed) == ([], [])


@pytest.mark.parametrize("persona", PERSONAS)
async def test_a_word_finds_nothing_for_who_may_not_read_it(
    house: House, planted: list[Planted], policy: Policy, walls: None, persona: str
) -> None:
    reader = clearance(house.world.people[persona], policy)
    for one in planted[::7]:
        shown = one.shown_to(reader, policy)
        for group, word in one.words.items():
            told = await ask(house, persona, f"/v1/records?q={word}&count=true")
            assert group in shown or word not in told
            assert shown or one.id not in told

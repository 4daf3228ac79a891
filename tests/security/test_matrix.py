"""Persona x kind x group x label: what is shown is what the pure rule says, with both walls and with one."""

import json
from typing import Any

import pytest

from services.gateway.partner_api.kinds import KINDS, KindApi
from shared.policy import Policy
from tests.security.asking import ask
from tests.security.conftest import House
from tests.security.planting import GROUPS, WITHOUT_WORDS, Planted, clearance

PERSONAS = (
    "liaison-officer", "ops-centre", "un-agency", "ngo-forum", "municipality", "security-officer",
    "liaison-chief",
)  # fmt: skip


@pytest.mark.parametrize("api", KINDS, ids=[api.plural for api in KINDS])
@pytest.mark.parametrize("persona", PERSONAS)
async def test_what_is_shown_is_what_the_rule_says(
    house: House, planted: list[Planted], policy: Policy, walls: None, persona: str, api: KindApi
) -> None:
    page = json.loads(await ask(house, persona, f"/v1/{api.plural}?page_size=500"))
    views = {view["id"]: view for view in page["items"]}
    reader = clearance(house.world.people[persona], policy)
    of_kind = [one for one in planted if one.kind is api.kind]
    expected = {one.id: one.shown_to(reader, policy) for one in of_kind}
    assert {one.id: _shown(one, views.get(one.id)) for one in of_kind} == expected


def _shown(one: Planted, view: dict[str, Any] | None) -> frozenset[Any]:
    """Groups that are not withheld. Raises AssertionError when a word says otherwise."""
    if view is None:
        return frozenset()
    shown = frozenset(GROUPS[one.kind]) - set(view["withheld"])
    told = json.dumps(view, ensure_ascii=False)
    spoken = {g for g, word in one.words.items() if word in told}
    assert spoken == {g for g in shown if (one.kind, g) not in WITHOUT_WORDS}, view
    return shown

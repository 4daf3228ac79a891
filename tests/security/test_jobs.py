"""Files and imports tell what lists and writes tell, and of what is out of sight nothing."""

import json
from typing import Any

import pytest

from services.gateway.partner_api.kinds import KINDS, KindApi
from shared.policy import Policy
from tests.security.asking import ask
from tests.security.bodies import CREATED
from tests.security.comparing import without_names
from tests.security.conftest import House
from tests.security.jobs_asked import exported, imported
from tests.security.out_of_sight import absent_things
from tests.security.planting import Planted, clearance
from tests.security.test_matrix import PERSONAS
from tests.worlds.asking import Answer

BY_KIND = pytest.mark.parametrize("api", KINDS, ids=[api.plural for api in KINDS])


@BY_KIND
@pytest.mark.parametrize("persona", PERSONAS)
async def test_a_file_holds_what_the_list_holds_and_no_hidden_word(
    house: House, planted: list[Planted], policy: Policy, walls: None, persona: str, api: KindApi
) -> None:
    listed = json.loads(await ask(house, persona, f"/v1/{api.plural}?page_size=500"))["items"]
    text = await exported(house, persona, api.plural)
    _, *records = [json.loads(line) for line in text.splitlines()]
    reader = clearance(house.world.people[persona], policy)
    shown = {one.id: one.shown_to(reader, policy) for one in planted}
    hidden = [word for one in planted for g, word in one.words.items() if g not in shown[one.id]]
    assert listed
    assert records[: len(listed)] == listed
    assert [word for word in hidden if word in text] == []


@BY_KIND
async def test_a_row_about_what_is_hidden_is_answered_as_about_what_never_was(
    house: House, api: KindApi
) -> None:
    hidden = await house.hiding.hide(f"imported as one of the {api.plural}")
    absent = absent_things(hidden["key"])
    told = [
        _told(await imported(house, "un-agency", api.plural, _row(api, things)), things)
        for things in (hidden, absent)
    ]
    assert told[0] == told[1]


def _row(api: KindApi, things: dict[str, str]) -> Any:
    return CREATED[api.plural](things) | {"external_id": things["external"]}


def _told(came: tuple[Any, Any], things: dict[str, str]) -> str:
    """Without names, and without times: the clock goes on between the two."""
    job, refused = came
    kept = {name: value for name, value in job.items() if not name.endswith("_at")}
    return without_names(Answer(200, (), json.dumps([kept, refused])), things).body

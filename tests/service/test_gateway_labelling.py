"""Labels in the words of other policies, over the API."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.stanag4774 import read
from tests.service.gateway_calls import call
from tests.service.gateway_world import World, run_world

LABEL = {"level": "confidential", "releasable_to": [["un", "mil"]], "caveats": []}


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url) as made:
        yield made


async def translated(world: World, body: Any) -> Any:
    _, told = await call(world, "POST", "/v1/labels/translate", await world.bearer("ann"), body)
    return told


async def test_the_policy_tells_every_word_a_label_may_use(world: World) -> None:
    answer, told = await call(world, "GET", "/v1/policy", await world.bearer("witness"))
    assert answer.status == 200
    assert told["levels"][0]["id"] == "public"
    assert {"mil", "all"} <= told["communities"].keys()
    assert told["defaults"]["engagement"]["source"]["caveats"] == ["SOURCE"]
    assert {one["policy"] for one in told["markings"]} == {"tlp", "alliance"}


async def test_a_marking_becomes_a_label_that_writes_take_and_says_the_same_again(
    world: World,
) -> None:
    told = await translated(world, {"marking": {"policy": "tlp", "marking": "TLP:AMBER+STRICT"}})
    assert told["label"] == {"level": "confidential", "releasable_to": [], "caveats": []}
    markings = {one["policy"]: one["marking"] for one in told["equivalents"]}
    assert markings == {"tlp": "AMBER+STRICT", "alliance": None}


async def test_the_xml_of_a_label_is_understood_as_that_label(world: World) -> None:
    told = await translated(world, {"label": LABEL})
    again = await translated(world, {"stanag4774": told["stanag4774"]})
    home = world.people["ann"]["organisation_id"]
    assert f"org:{home}" in told["stanag4774"]
    assert again["label"] == LABEL | {"releasable_to": [["mil", "un"]]}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"label": LABEL, "stanag4774": "<a/>"}, "/label"),
        ({"label": LABEL | {"level": "cosmic"}}, "/label/level"),
        ({"marking": {"policy": "tlp", "marking": "PURPLE"}}, "/marking/marking"),
        ({"marking": {"policy": "zebra", "marking": "RED"}}, "/marking/policy"),
        ({"stanag4774": "<a/>"}, "/stanag4774"),
        ({"colour": "blue"}, "/colour"),
    ],
)
async def test_what_cannot_be_understood_is_named(world: World, body: Any, pointer: str) -> None:
    told = await translated(world, body)
    assert (told["status"], told["errors"][0]["pointer"]) == (422, pointer)


async def test_a_record_bears_the_label_of_what_its_reader_is_shown(world: World) -> None:
    home = world.people["ann"]["organisation_id"]
    narrow = LABEL | {"releasable_to": [["un"]]}
    held = world.services.hold(
        "engagement", "Talks", owner=home, level="unclassified", group_labels={"source": narrow}
    )
    _, told = await call(
        world, "GET", f"/v1/records/{held.id}/label", await world.bearer("witness")
    )
    assert told["label"] == narrow | {"releasable_to": [["all"], ["un"]]}
    assert read(told["stanag4774"], "").classification == "CONFIDENTIAL"


async def test_the_label_of_a_hidden_record_is_as_absent_as_the_record(world: World) -> None:
    hidden = world.services.hold("engagement", "Talks", readers={"nobody"})
    bearer = await world.bearer("ann")
    answers = [
        await call(world, "GET", f"/v1/records/{one}/label", bearer)
        for one in (hidden.id, hidden.id[:-4] + "0000")
    ]
    assert [answer.status for answer, _ in answers] == [404, 404]

"""Why somebody sees a record, in words; and who else may, for its owner."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.service.gateway_calls import call
from tests.service.gateway_world import World, run_world

LABEL = {"level": "confidential", "releasable_to": [["un", "mil"]], "caveats": []}


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url) as made:
        yield made


async def explained(world: World, name: str, path: str) -> Any:
    _, told = await call(world, "GET", f"/v1/{path}/access", await world.bearer(name))
    return told


async def test_each_thing_the_label_asks_is_answered_by_what_the_reader_holds(world: World) -> None:
    home = world.people["ann"]["organisation_id"]
    groups = {"identity": LABEL | {"releasable_to": []}, "source": LABEL}
    held = world.services.hold(
        "engagement", "Talks", owner=home, level="unclassified", group_labels=groups
    )
    base, *others = (await explained(world, "witness", f"engagements/{held.id}"))["portions"]
    assert [(one["rule"], one["needed"][:1]) for one in base["because"]] == [
        ("level", ["unclassified"]),
        ("audience", ["all"]),
    ]
    source, identity = sorted(others, key=lambda one: one["shown"], reverse=True)
    assert source["because"][0] == {
        "rule": "level",
        "needed": ["confidential"],
        "held": ["confidential"],
        "detail": "Your level reaches Confidential.",
    }
    assert source["because"][1]["held"] == ["un"]
    assert identity == {
        "group": "identity",
        "shown": False,
        "label": None,
        "because": [],
        "readers": None,
    }


async def test_the_owner_is_told_which_organisations_may_see_it_and_others_are_not(
    world: World,
) -> None:
    home = world.people["ann"]["organisation_id"]
    held = world.services.hold("engagement", "Talks", owner=home, level="strictly_confidential")
    held.level = "confidential"
    base = (await explained(world, "ann", f"records/{held.id}"))["portions"][0]
    organisations = {one["organisation"]: one["people"] for one in base["readers"]}
    assert organisations[home] == 1
    assert len(organisations) == len(world.people)
    [other] = (await explained(world, "witness", f"records/{held.id}"))["portions"]
    assert other["readers"] is None


async def test_hidden_and_absent_answer_alike(world: World) -> None:
    hidden = world.services.hold("engagement", "Talks", readers={"nobody"})
    absent = hidden.id[:-4] + "0000"
    told = [
        {**(await explained(world, "ann", f"engagements/{each}")), "instance": "", "request_id": ""}
        for each in (hidden.id, absent)
    ]
    assert told[0] == told[1]
    assert told[0]["status"] == 404

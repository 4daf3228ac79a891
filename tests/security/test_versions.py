"""A write and a read tell one version; who is told a part coarsely hears nothing of how it changes."""

import json
from typing import Any

import pytest

from tests.security.asking import ask
from tests.security.bodies import OPEN, OWNER_ONLY, Json
from tests.security.conftest import House
from tests.security.out_of_sight import OWNER
from tests.worlds.asking import Request

COARSE_READER = "un-agency"
PLAN: Json = {
    "purpose": "Talks on the ferry",
    "type": "routine_liaison",
    "starts_at": "2031-03-02T06:10:00Z",
    "place": {"name": "Under the big tree"},
    "label": OPEN,
}
FINER = ((), ("time",), ("place",), ("time", "place"))
AMENDED: tuple[Json, ...] = (
    {"starts_at": "2031-03-02T17:45:00Z"},
    {"place": {"name": "At the old pier"}},
    {"purpose": "Talks on the bridge"},
)


@pytest.mark.parametrize("finer", FINER, ids=" and ".join)
async def test_a_write_and_a_read_tell_one_version(house: House, finer: tuple[str, ...]) -> None:
    plan = PLAN | {"group_labels": dict.fromkeys(finer, OWNER_ONLY)}
    told = await house.hiding.act(OWNER, "/v1/engagements", plan)
    at = f"/v1/engagements/{told['id']}"
    assert (await _read(house, OWNER, at))["version"] == told["version"]
    for change in AMENDED:
        plan = plan | change | {"reason": "Better known."}
        told = await house.hiding.act(OWNER, f"{at}/amend", plan)
        assert (await _read(house, OWNER, at))["version"] == told["version"]
        guarded = Request(
            "POST", f"{at}/amend?validate_only=true", plan, {"If-Match": f'"{told["version"]}"'}
        )
        assert await _status(house, guarded) == 200


async def test_an_exact_change_leaves_the_version_of_who_is_told_it_coarsely(house: House) -> None:
    plan = PLAN | {"group_labels": {"time": OWNER_ONLY, "place": OWNER_ONLY}}
    made = await house.hiding.act(OWNER, "/v1/engagements", plan)
    at = f"/v1/engagements/{made['id']}"
    before = await _read(house, COARSE_READER, at)
    *exact, seen = AMENDED
    for change in exact:
        plan = plan | change | {"reason": "Better known."}
        await house.hiding.act(OWNER, f"{at}/amend", plan)
        assert await _read(house, COARSE_READER, at) == before
    await house.hiding.act(OWNER, f"{at}/amend", plan | seen)
    assert (await _read(house, COARSE_READER, at))["version"] != before["version"]


async def _read(house: House, persona: str, path: str) -> dict[str, Any]:  # Any: JSON
    view: dict[str, Any] = json.loads(await ask(house, persona, path))
    return view


async def _status(house: House, request: Request) -> int:
    house.hiding.number += 1
    key = {"Idempotency-Key": f"version-{house.hiding.number}"}
    seat = house.seats[OWNER]
    await seat.sit_down(house.hiding.number, pages=False)
    answer = await seat.ask(
        Request(request.method, request.path, request.body, {**request.headers, **key}),
        house.hiding.number,
    )
    return answer.status

"""One installation for all tests of who may see what: services in this process, things out of sight in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import pytest

from services.gateway import upstream
from shared.ids import RecordId
from shared.policy import Policy, load_policy
from tests.security.out_of_sight import OWNER, Hiding
from tests.security.planting import Planted, plant
from tests.worlds.asking import Seat
from tests.worlds.installed import POLICY_FILE, World, open_world

SEED = "security"


@dataclass
class House:
    """`number` is the world's clock: whoever asks moves it on."""

    world: World
    seats: dict[str, Seat]
    hiding: Hiding


@pytest.fixture(scope="package")
async def house(postgres, nats, layout) -> AsyncIterator[House]:
    async with open_world(postgres, nats, layout, SEED) as world:
        seats = {name: Seat(world, name) for name in world.people}
        yield House(world, seats, Hiding(seats))


@pytest.fixture(scope="package")
def policy() -> Policy:
    return load_policy(POLICY_FILE)


@pytest.fixture(scope="package")
async def beginning(house: House) -> dict[str, str]:
    """Everybody's cursor from before the planting."""
    for seat in house.seats.values():
        house.hiding.number += 1
        await seat.sit_down(house.hiding.number, pages=True)
    return {name: await _now(seat) for name, seat in house.seats.items()}


async def _now(seat: Seat) -> str:
    headers = {"Authorization": f"Bearer {seat.token}"}
    async with seat.world.http.get("/v1/changes", headers=headers) as answer:
        return str((await answer.json())["next_cursor"])


@pytest.fixture(scope="package")
async def planted(house: House, policy: Policy, beginning: dict[str, str]) -> list[Planted]:
    owner = RecordId.parse(house.world.people[OWNER]["organisation_id"])
    return await plant(partial(house.hiding.act, OWNER), owner, policy)


@pytest.fixture(params=["both walls", "the second wall alone"])
def walls(request: pytest.FixtureRequest, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone: queries carry no predicate, and the gateway checks nothing again."""
    if request.param == "both walls":
        return
    reader = house.world.apps["reporting"].state.read_side.desk.reader
    monkeypatch.setattr(reader, "_predicate", False)
    monkeypatch.setattr(upstream, "only_readable", lambda policy, principal, answer: answer)

"""One installation for all tests of who may see what: services in this process, things out of sight in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.security.out_of_sight import Hiding
from tests.worlds.asking import Seat
from tests.worlds.installed import World, open_world

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

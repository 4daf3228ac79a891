"""No answer depends on what its reader may not see (I16)."""

import os
from typing import Any

import asyncpg
import pytest

from services.gateway.upstream import Upstream
from tests.thorough import times
from tests.worlds.hands import HAND
from tests.worlds.installed import World
from tests.worlds.twins import Twins, open_twins

PROGRAMS = times(20, thorough=500)
# A test of its own each, so that none takes as long as one that never ends.
AT_ONCE = 20
LEAKY_PROGRAMS = 12
VIEWING_PROGRAMS = times(16, thorough=100)
CONNECT_SECONDS = 10
# The suite plays the same programs every time; `./parley test --worlds N` plays new ones.
SEED = os.environ.get("PARLEY_SEED", "20261125")


@pytest.fixture(scope="module")
def seed() -> str:
    return SEED


@pytest.fixture(scope="module")
async def twins(postgres, nats, layout, seed):
    async with open_twins(postgres, nats, layout, seed) as opened:
        yield opened


@pytest.mark.parametrize("first", range(0, PROGRAMS, AT_ONCE))
async def test_worlds_that_differ_out_of_sight_answer_alike(
    twins: Twins, seed: str, first: int
) -> None:
    for number in range(first, first + AT_ONCE):
        found = await twins.play(f"{seed}-{number}")
        assert found is None, f"{found}\nagain: ./parley test --worlds {number + 1} --seed {seed}"
    print(f"{first + AT_ONCE} programs from seed {seed}, {twins.asked} answers compared")


@pytest.mark.parametrize("whose", ["of the hand that hides", "of others"])
async def test_who_views_as_others_learns_nothing_of_what_he_does_not_read_himself(
    twins: Twins, seed: str, whose: str
) -> None:
    home = twins.worlds[0].people[HAND]["organisation_id"]
    audience = f"org:{home}" if whose == "of the hand that hides" else "ngo"
    for number in range(VIEWING_PROGRAMS):
        found = await twins.play(f"{seed}-viewing {whose}-{number}", audience=audience)
        assert found is None, found


async def test_a_count_that_includes_hidden_records_is_noticed(
    twins: Twins, seed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Upstream.get

    async def leaking(self: Upstream, service: str, path: str, *rest: Any, **more: Any) -> Any:
        answer = await real(self, service, path, *rest, **more)
        return answer | {"count": await _stored(twins, self)} if path == "/records" else answer

    monkeypatch.setattr(Upstream, "get", leaking)
    found = [await twins.play(f"{seed}-leaking-{number}") for number in range(LEAKY_PROGRAMS)]
    assert any(found)


async def _stored(twins: Twins, upstream: Upstream) -> int:
    """How many events the world behind this gateway holds, hidden ones among them.

    A gateway is told by its connections, which the upstreams of all its channels share.
    """
    gateways = {world.apps["gateway"].state.gateway.upstream.http: world for world in twins.worlds}
    world = gateways[upstream.http]
    return sum([await _counted(world, service) for service in ("contacts", "engagements")])


async def _counted(world: World, service: str) -> int:
    """Over a connection of its own: a page asks for several things at once."""
    connection = await asyncpg.connect(
        world.databases.url(service, "owner"), timeout=CONNECT_SECONDS
    )
    try:
        return int(await connection.fetchval("select count(*) from events"))
    finally:
        await connection.close()

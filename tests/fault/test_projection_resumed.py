"""A rebuild is killed, and another goes on with what it made; nobody ever reads a half."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from services.reporting.rebuild_steps import UnreadableEventError
from services.reporting.rebuilding import Rebuild, RebuildRunningError, Wanted
from shared.consumer import Handler
from shared.ids import Kind
from shared.leases import Lease
from shared.parking import Parking, Place, Skip
from tests.service.reporting_world import ALL, World, open_world, planned, reader, registered

MANY = 12


@pytest.fixture
async def world(postgres, layout) -> AsyncIterator[World]:
    async with open_world(postgres, layout) as opened:
        yield opened


class KilledError(Exception):
    """Where the process ended."""


@dataclass
class FewAtOnce:
    """Events of one source straight from its store, three at a time."""

    world: World
    service: str
    asked_after: list[int] = field(default_factory=list)

    async def head(self) -> int:
        return (await self.world.stores[self.service].head()).position

    async def run(self, start_after: int, handle: Handler) -> None:
        self.asked_after.append(start_after)
        while events := (await self.world.events(self.service, start_after))[:3]:
            await handle(events)
            start_after = events[-1].position


def _supplies(world: World) -> dict[str, FewAtOnce]:
    return {service: FewAtOnce(world, service) for service in world.sources}


def _killed_at(killing: int):
    def tell(source: str, position: int, target: int) -> None:
        if position >= killing:
            raise KilledError

    return tell


def _rebuild(world: World, supplies, wanted: Wanted, tell=lambda *_: None) -> Rebuild:
    sources = list(world.sources.values())
    return Rebuild(world.projector, sources, supplies, wanted, tell)


async def _write(world: World) -> None:
    for number in range(MANY):
        await world.append(Kind.ENGAGEMENT, planned(f"Talks {number}", base=ALL))
    await world.append(Kind.ORGANISATION, registered("Invented Relief"))
    await world.catch_up()


async def test_a_killed_rebuild_is_gone_on_with_where_it_was(world: World) -> None:
    await _write(world)
    supplies = _supplies(world)
    with pytest.raises(KilledError):
        await _rebuild(world, supplies, Wanted(swap=True), _killed_at(6)).run()
    half = await world.projector.fetchrow(
        "select generation, position, target from rebuilds where source = 'engagements'"
    )
    assert half
    assert tuple(half) == (2, 6, MANY)
    assert len(await world.list(reader("un"))) == MANY + 1
    assert await Lease(world.projector, "rebuild").hold(0.5)  # as one that was killed leaves it
    rebuilt = await _rebuild(world, supplies, Wanted(swap=True)).run()
    assert (rebuilt.generation, rebuilt.equal) == (2, True)
    assert supplies["engagements"].asked_after == [0, 6]
    assert await world.projector.fetchval("select count(*) from rebuilds") == 0


async def test_a_rebuild_tells_the_feed_nothing(world: World) -> None:
    await _write(world)
    told = "select count(*), max(written_at) from changes"
    before = await world.projector.fetchrow(told)
    assert (await _rebuild(world, _supplies(world), Wanted(swap=True)).run()).equal
    assert await world.projector.fetchrow(told) == before


async def test_a_half_made_by_other_rules_is_not_gone_on_with(world: World) -> None:
    await _write(world)
    supplies = _supplies(world)
    with pytest.raises(KilledError):
        await _rebuild(world, supplies, Wanted(swap=True), _killed_at(6)).run()
    rebuilt = await _rebuild(world, supplies, Wanted(swap=True, retry_skipped=True)).run()
    assert rebuilt.equal
    assert supplies["engagements"].asked_after == [0, 0]


async def test_a_generation_put_in_place_meanwhile_is_not_overwritten(world: World) -> None:
    await _write(world)

    class Meanwhile(FewAtOnce):
        async def run(self, start_after: int, handle: Handler) -> None:
            await world.projector.execute("update generations set active = 7")
            await super().run(start_after, handle)

    supplies = _supplies(world) | {"contacts": Meanwhile(world, "contacts")}
    with pytest.raises(RebuildRunningError):
        await _rebuild(world, supplies, Wanted(swap=True)).run()
    assert await world.projector.fetchval("select active from generations") == 7


async def test_a_rebuild_passes_over_what_a_person_skipped_until_it_is_told_to_try_again(
    world: World,
) -> None:
    await _write(world)
    await world.poison()
    await world.append(Kind.ENGAGEMENT, planned("After", base=ALL))
    supplies = _supplies(world)
    onward = Wanted(swap=True, onward=True)
    with pytest.raises(UnreadableEventError, match=f"position {MANY + 1}: engagement.planned.v1"):
        await _rebuild(world, supplies, onward).run()
    place = Place("records-g2", "records", "engagements")
    skip = Skip(MANY + 1, "made by hand", by="operator")
    assert await Parking(world.projector, place).skip(skip)
    assert (await _rebuild(world, supplies, onward).run()).equal
    assert len(await world.list(reader("un"))) == MANY + 2
    again = Wanted(swap=True, retry_skipped=True)
    with pytest.raises(UnreadableEventError):
        await _rebuild(world, supplies, again).run()

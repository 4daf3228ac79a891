"""One history: load, faults, calm, and then everything that must hold. The seed says it all."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.simulation.bus import Server
from tests.simulation.checks import breaches, is_settled
from tests.simulation.database import Database
from tests.simulation.life import Life
from tests.simulation.loop import run
from tests.simulation.world import ADDRESS, Projector, Service, World, insist

WRITERS = 3
COMMANDS = 3
CALM_SECONDS = 60.0
LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Rules:
    """What the servers keep to. Breaking one must be found: that is how the checks are checked."""

    fenced: bool = True
    compares: bool = True
    remembers_commands: bool = True


SOUND = Rules()


@dataclass(slots=True)
class Outcome:
    """What became of a seed; no breaches, no words."""

    seed: int
    breaches: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    events: int = 0
    seconds: float = 0.0
    head: str = ""


def play(seed: int, rules: Rules = SOUND) -> Outcome:
    """Runs the history of `seed` to its end. Touches nothing outside of itself."""
    chance = random.Random(seed)
    outcome = Outcome(seed)
    try:
        run(chance, lambda: _history(chance, rules, outcome))
    except Exception as wrong:  # noqa: BLE001 - whatever broke, the seed is what must be told
        outcome.breaches.append(f"it broke: {type(wrong).__name__}: {wrong}")
    return outcome


async def _history(chance: random.Random, rules: Rules, outcome: Outcome) -> None:
    database = Database(remembers_commands=rules.remembers_commands, compares=rules.compares)
    world = World(chance, database, Server(fenced=rules.fenced))
    for _ in range(2):
        world.start_service()
        world.start_projector()
    async with asyncio.TaskGroup() as group:
        troubles = group.create_task(_trouble(world, outcome))
        for number in range(WRITERS):
            group.create_task(insist(world, number, COMMANDS))
    assert troubles.done()
    if not await _comes_to_rest(world):
        outcome.breaches.append(f"it never came to rest within {CALM_SECONDS:.0f} s")
    outcome.events = database.head
    outcome.head = database.events[-1].hash.hex()
    outcome.seconds = asyncio.get_running_loop().time()
    outcome.breaches += breaches(world)


async def _trouble(world: World, outcome: Outcome) -> None:
    """Faults, one after the other or several at once."""
    for _ in range(world.chance.randint(2, 6)):
        await asyncio.sleep(world.chance.uniform(0, 1.0))
        fault = world.chance.choice(FAULTS)
        outcome.faults.append(fault.__name__.strip("_"))
        await fault(world)


async def _kill_service(world: World) -> None:
    at = world.chance.randrange(len(world.services))
    world.services.pop(at).life.kill()
    await asyncio.sleep(world.chance.uniform(0, 0.5))
    world.start_service()


async def _kill_projector(world: World) -> None:
    at = world.chance.randrange(len(world.projectors))
    world.projectors.pop(at).life.kill()
    world.start_projector()


async def _pause_service(world: World) -> None:
    await _pause(world, world.chance.choice(world.services).life)


async def _pause_projector(world: World) -> None:
    await _pause(world, world.chance.choice(world.projectors).life)


async def _pause(world: World, life: Life) -> None:
    """It stands still, then goes on as if nothing had happened: a zombie, if others took over."""
    life.pause()
    asyncio.get_running_loop().call_later(world.chance.uniform(0.5, 8), life.resume)


async def _third_of_each(world: World) -> None:
    world.start_service()
    world.start_projector()


async def _roll_back(world: World) -> None:
    stream = world.server.streams.get(ADDRESS.stream)
    if stream is not None:
        world.server.roll_back(ADDRESS.stream, world.chance.randint(0, stream.last))


async def _delete_stream(world: World) -> None:
    world.server.delete(ADDRESS.stream)


async def _purge_stream(world: World) -> None:
    world.server.purge(ADDRESS.stream)


async def _lose_a_message(world: World) -> None:
    stream = world.server.streams.get(ADDRESS.stream)
    if stream is not None and stream.messages:
        del stream.messages[world.chance.choice(list(stream.messages))]


async def _stray_message(world: World) -> None:
    """Of a stranger, who expects nothing."""
    world.server.take(ADDRESS.subject("stray.v1"), {}, b"{}")


FAULTS = (
    _kill_service, _kill_projector, _pause_service, _pause_projector, _third_of_each,
    _roll_back, _delete_stream, _purge_stream, _lose_a_message, _stray_message,
)  # fmt: skip


async def _comes_to_rest(world: World) -> bool:
    """No more faults; zombies wake; a fresh process of each joins."""
    world.weather.calm()
    for life in (*_lives(world.services), *_lives(world.projectors)):
        life.resume()
    world.start_service()
    world.start_projector()
    for _ in range(int(CALM_SECONDS / LOOK_SECONDS)):
        if is_settled(world):
            return True
        await asyncio.sleep(LOOK_SECONDS)
    return False


def _lives(processes: Sequence[Service] | Sequence[Projector]) -> list[Life]:
    return [process.life for process in processes]

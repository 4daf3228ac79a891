"""The actors of a history: services that append and relay, projectors, and clients who insist."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from uuid import UUID

import asyncpg
from nats.aio.client import Client as NatsClient

from shared.bus import Address
from shared.consumer import Consumer
from shared.database import Pool as DatabasePool
from shared.errors import BusyError
from shared.eventstore.errors import CommandAlreadyApplied, VersionConflict
from shared.eventstore.model import Append, CommandMark, NewEvent, Recorded
from shared.eventstore.store import EventStore
from shared.leases import Lease
from shared.projection import Checkpoint, Write
from shared.projection_runner import Runner
from shared.relay import Relay
from tests.simulation.bus import Server
from tests.simulation.client import Client
from tests.simulation.database import BEGINNING, Database
from tests.simulation.life import Life, Weather
from tests.simulation.pool import Connection, Pool

if TYPE_CHECKING:
    from shared.interning import Connection as DatabaseConnection

ADDRESS = Address("simulated", "site", "contacts")
PROJECTION = "records"
SOURCE = ADDRESS.service
STREAMS = ("record_a", "record_b", "record_c")
REST_SECONDS = 0.3
PATIENCE_SECONDS = 3.0
LEASED = 0.7


@dataclass(slots=True)
class World:
    """Everything there is, and what was promised to whom."""

    chance: random.Random
    database: Database
    server: Server
    weather: Weather = field(default_factory=Weather)
    services: list["Service"] = field(default_factory=list)
    projectors: list["Projector"] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    acknowledged: dict[bytes, set[int]] = field(default_factory=dict)
    births: int = 0

    def life(self, name: str) -> Life:
        self.births += 1
        return Life(f"{name}-{self.births}", self.chance, self.weather)

    def client(self, life: Life) -> NatsClient:
        client = Client(self.server, life, lambda: self.database.head)
        self.clients.append(client)
        return cast("NatsClient", client)  # it has what is used of one

    def pool(self, life: Life) -> DatabasePool:
        return cast("DatabasePool", Pool(self.database, life))  # it has what is used of one

    def start_service(self) -> "Service":
        service = Service(self, self.life("service"))
        self.services.append(service)
        return service

    def start_projector(self) -> "Projector":
        projector = Projector(self, self.life("projector"))
        self.projectors.append(projector)
        return projector


class Service:
    """A deciding process: store, appender and relay as they are in production."""

    def __init__(self, world: World, life: Life) -> None:
        self.life = life
        pool = world.pool(life)
        self.store = EventStore(pool)
        # Some know no lease, as before an upgrade: fences alone must keep the outcome right.
        lease = Lease(pool, "relay") if world.chance.random() < LEASED else None
        life.begin(Relay(self.store, world.client(life), ADDRESS, lease=lease).run())

    async def handle(self, stream: str, command: bytes, events: tuple[NewEvent, ...]) -> int:
        """The position a command ended at; a retry is told the same."""
        version = len(await self.store.load(stream))
        mark = CommandMark(command, b"digest", stream, "created")
        try:
            return (await self.store.append(Append(stream, version, events, mark))).position
        except CommandAlreadyApplied as applied:
            return applied.found.position


class Rows:
    """A projection that writes down every event, so that one taken in twice, or not at all, is seen."""

    name = family = PROJECTION

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prepare(self, connection: "DatabaseConnection", events: Sequence[Recorded]) -> Write:
        taken = list(events)

        async def write(within: "DatabaseConnection") -> None:
            own = cast("Connection", within)  # the very one that was acquired
            await own.write(lambda: self._database.rows[PROJECTION].extend(taken))

        return write


class Projector:
    """A projecting process: consumer and runner as they are in production."""

    def __init__(self, world: World, life: Life) -> None:
        self.life = life
        consumer = Consumer(world.client(life), ADDRESS)
        pool, rows = world.pool(life), Rows(world.database)
        life.begin(Runner(pool, rows, SOURCE, consumer, _nobody_waits).run())


async def _nobody_waits(source: str, checkpoint: Checkpoint) -> None:
    """Whoever reads waits for this in production."""


async def insist(world: World, number: int, commands: int) -> None:
    """A client that repeats each command under its id until it is acknowledged, then once more, perhaps."""
    chance = world.chance
    for each in range(commands):
        command = f"command {number}.{each}".encode()
        stream = chance.choice(STREAMS)
        events = tuple(_event(chance) for _ in range(chance.randint(1, 3)))
        answers = world.acknowledged.setdefault(command, set())
        while not answers or chance.random() < 0.1:
            position = await _attempt(world, stream, command, events)
            if position is not None:
                answers.add(position)
            await asyncio.sleep(chance.uniform(0, REST_SECONDS))


async def _attempt(
    world: World, stream: str, command: bytes, events: tuple[NewEvent, ...]
) -> int | None:
    """Nothing when it cannot be known yet."""
    service = world.chance.choice(world.services)
    asked = service.life.begin(service.handle(stream, command, events))
    await asyncio.wait({asked}, timeout=PATIENCE_SECONDS)
    if not asked.done() or asked.cancelled():
        return None
    match asked.exception():
        case None:
            return asked.result()
        case VersionConflict() | BusyError() | OSError() | asyncpg.InterfaceError():
            return None
        case wrong:
            raise wrong


def _event(chance: random.Random) -> NewEvent:
    name = UUID(int=chance.getrandbits(128), version=4)
    return NewEvent(name, "record.changed.v1", name.bytes, b"{}", BEGINNING)

"""Runs a projection: events of one source into tables, which move together with their checkpoint.

A batch is prepared (unsealed, folded) outside and written in one short transaction whose first
statement compares and swaps the checkpoint: a projector that has been overtaken cannot write.
An event that cannot be projected parks this projection, by name, and no other.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import asyncpg

from shared.consumer import Consumer, GapError
from shared.database import is_passing
from shared.eventstore.model import Recorded

if TYPE_CHECKING:
    from shared.interning import Connection

RETRY_SECONDS = 0.5

Write = Callable[["Connection"], Awaitable[None]]
Moved = Callable[[str, "Checkpoint"], Awaitable[None]]

_LOAD = "select epoch, position from checkpoints where projection = $1 and source = $2"
_BEGIN = "insert into checkpoints values ($1, $2, 0, 0) on conflict do nothing"
_SWAP = """
update checkpoints set epoch = $5, position = $6
 where projection = $1 and source = $2 and epoch = $3 and position = $4
"""
_log = logging.getLogger(__name__)


class Projection(Protocol):
    """`prepare` reads and computes; what it returns writes, within the checkpoint's transaction."""

    @property
    def name(self) -> str: ...

    async def prepare(self, connection: "Connection", events: Sequence[Recorded]) -> Write: ...


class StopProjectionError(Exception):
    """This projection has nothing more to do here; its owner starts another."""


class OvertakenError(Exception):
    """Another projector moved the checkpoint."""


class ParkedError(Exception):
    """Stopped at an event that cannot be projected, until somebody looks."""


@dataclass(frozen=True, slots=True, order=True)
class Checkpoint:
    """The last event a projection has taken in; (0, 0) before the first."""

    epoch: int
    position: int


class Runner:
    """One projection of one source. `run` returns only when parked; cancel it to stop."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        projection: Projection,
        source: str,
        consumer: Consumer,
        moved: Moved,
    ) -> None:
        self._pool = pool
        self._projection = projection
        self._consumer = consumer
        self._moved = moved
        self.source = source
        self.checkpoint = Checkpoint(0, 0)
        self.parked: str | None = None

    @property
    def name(self) -> str:
        return f"{self._projection.name}/{self.source}"

    async def check(self) -> None:
        """For health. Raises ParkedError, naming the event but not its content."""
        if self.parked:
            raise ParkedError(self.parked)

    async def run(self) -> None:
        """Raises StopProjectionError when the projection says so."""
        while self.parked is None:
            try:
                self.checkpoint = await self._load()
                await self._moved(self.source, self.checkpoint)
                await self._consumer.run(self.checkpoint.position, self._take)
            except OvertakenError:
                _log.warning("a projection was overtaken", extra={"projection": self.name})
            except GapError:
                self._park(self.checkpoint.position + 1, "the stream no longer holds it", None)
            except ParkedError:
                return
            except Exception as fault:
                if not is_passing(fault):
                    raise
                _log.warning("a projection starts again", extra=self._told(fault))
            await asyncio.sleep(RETRY_SECONDS)

    async def _load(self) -> Checkpoint:
        async with self._pool.acquire() as connection:
            return await load_checkpoint(connection, self._projection.name, self.source)

    async def _take(self, events: list[Recorded]) -> None:
        """The whole batch, or one by one up to the event that will not go."""
        try:
            await self._project(events)
        except (StopProjectionError, OvertakenError):
            raise
        except Exception as fault:
            if is_passing(fault):
                raise
            if len(events) == 1:
                self._park(events[0].position, events[0].type, fault)
                raise ParkedError(self.parked) from fault
            for event in events:
                await self._take([event])

    async def _project(self, events: Sequence[Recorded]) -> None:
        async with self._pool.acquire() as connection:
            reached = await project(
                connection, self._projection, self.source, self.checkpoint, events
            )
        self.checkpoint = reached
        await self._moved(self.source, reached)

    def _park(self, position: int, what: str, fault: Exception | None) -> None:
        self.parked = f"{self.name} stands before position {position}: {what}"
        extra = self._told(fault) | {"position": position}
        _log.error("a projection is parked", extra=extra, exc_info=fault)

    def _told(self, fault: Exception | None) -> dict[str, str]:
        return {"projection": self.name, "error": type(fault).__name__}


async def load_checkpoint(connection: "Connection", name: str, source: str) -> Checkpoint:
    """Where the projection stands; begun if it has never run."""
    await connection.execute(_BEGIN, name, source)
    row = await connection.fetchrow(_LOAD, name, source)
    return Checkpoint(row["epoch"], row["position"]) if row else Checkpoint(0, 0)


async def project(
    connection: "Connection",
    projection: Projection,
    source: str,
    after: Checkpoint,
    events: Sequence[Recorded],
) -> Checkpoint:
    """Take in `events`, which follow `after`. Raises OvertakenError when the checkpoint is elsewhere."""
    write = await projection.prepare(connection, events)
    reached = Checkpoint(events[-1].epoch, events[-1].position)
    async with connection.transaction():
        swapped = await connection.execute(
            _SWAP,
            projection.name, source, after.epoch, after.position, reached.epoch, reached.position,
        )  # fmt: skip
        if swapped != "UPDATE 1":
            raise OvertakenError
        await write(connection)
    return reached

"""Runs a projection from its checkpoint on, for ever.

An event that cannot be projected parks this projection, by name, and no other, until a person has it
try again or pass over the event.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from shared.consumer import Consumer, ForkedError, GapError
from shared.database import is_passing
from shared.errors import HealthError
from shared.eventstore.model import Recorded
from shared.parking import Parked, Parking, Place, skipped
from shared.projection import (
    Checkpoint,
    OvertakenError,
    Projection,
    StopProjectionError,
    find_checkpoint,
    load_checkpoint,
    project,
    start_over,
)

if TYPE_CHECKING:
    import asyncpg

RETRY_SECONDS = 0.5
LOOK_SECONDS = 1.0
# A relay heals its stream within a minute.
GAP_SECONDS = 60.0

Moved = Callable[[str, Checkpoint], Awaitable[None]]
# What to do when the source's history is another one than was read; from the beginning by default.
Forked = Callable[[], Awaitable[None]]

_log = logging.getLogger(__name__)


class ParkedError(HealthError):
    """Stopped at an event that cannot be projected, until somebody looks."""

    code = "parked"


class MissingError(HealthError):
    """Waits for an event that the stream does not hold, though it holds later ones."""

    code = "event_missing"


class Runner:
    """One projection of one source. `run` never returns; cancel it to stop."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        projection: Projection,
        source: str,
        consumer: Consumer,
        moved: Moved,
        forked: Forked | None = None,
    ) -> None:
        self._pool = pool
        self._forked = forked
        self._projection = projection
        self._consumer = consumer
        self._moved = moved
        self._place = Place(projection.name, projection.family, source)
        self._parking = Parking(pool, self._place)
        self._skipped: frozenset[int] = frozenset()
        self._missing_since: float | None = None
        self.source = source
        self.checkpoint = Checkpoint(0, 0)
        self.parked: Parked | None = None

    @property
    def name(self) -> str:
        """Whatever the generation."""
        return str(self._place)

    async def check(self) -> None:
        """For health. Raises ParkedError or MissingError, naming the event but not its content."""
        stands = f"{self.name} stands before position"
        if self.parked:
            raise ParkedError(f"{stands} {self.parked.position}: {self.parked.what}")
        if self._missing_since is not None:
            raise MissingError(
                f"{stands} {self.checkpoint.position + 1}, which the stream does not hold"
            )

    async def look(self) -> Checkpoint:
        """Where the projection stands while another process runs it."""
        async with self._pool.acquire() as connection:
            self.checkpoint = await find_checkpoint(connection, self._projection.name, self.source)
        self.parked, self._missing_since = await self._parking.find(), None
        return self.checkpoint

    async def run(self) -> None:
        """Raises StopProjectionError when the projection says so."""
        while True:
            try:
                await self._go_on()
            except OvertakenError as fault:
                _log.warning("a projection was overtaken", extra=self._told(fault))
            except Exception as fault:
                if not is_passing(fault):
                    raise
                _log.warning("a projection starts again", extra=self._told(fault))
            await asyncio.sleep(RETRY_SECONDS)

    async def _go_on(self) -> None:
        """Until it can go no further, and then until it may be worth another try."""
        try:
            await self._begin()
            at = self.checkpoint
            await self._consumer.run(at.position, self._take, self._nothing_missing, at.epoch)
        except ForkedError as forked:
            _log.error("a projection has read what is void now", extra=self._told(forked))
            await self._fork()
        except GapError as gap:
            await self._miss(gap)
        except ParkedError:
            await self._until_resumed()

    async def _begin(self) -> None:
        """What stood still is tried again: by now the code may be newer, or the event may be there."""
        async with self._pool.acquire() as connection:
            self.checkpoint = await load_checkpoint(connection, self._projection.name, self.source)
            self._skipped = await skipped(connection, self._projection.family, self.source)
        self.parked = await self._parking.find()
        await self._forget_passed()
        await self._moved(self.source, self.checkpoint)

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
                _log.error("a projection is parked", extra=self._told(fault), exc_info=fault)
                await self._park(Parked(events[0].position, events[0].type, type(fault).__name__))
                raise ParkedError from fault
            for event in events:
                await self._take([event])

    async def _project(self, events: Sequence[Recorded]) -> None:
        async with self._pool.acquire() as connection:
            self.checkpoint = await project(
                connection, self._projection, self.source, self.checkpoint, events, self._skipped
            )
        self._missing_since = None
        await self._forget_passed()
        await self._moved(self.source, self.checkpoint)

    async def _fork(self) -> None:
        """A restored source has another history: whoever cannot be folded again over itself is rebuilt."""
        if self._forked:
            await self._forked()
            return
        async with self._pool.acquire() as connection:
            await start_over(connection, self._projection.name, self.source)

    async def _until_resumed(self) -> None:
        """Somebody takes the row away: to try again, or to pass over the event."""
        while await self._parking.find():  # noqa: ASYNC110 - it changes in the database
            await asyncio.sleep(LOOK_SECONDS)

    async def _miss(self, gap: GapError) -> None:
        """The relay heals its stream within a minute; looking goes on, but later it is called parked."""
        now = time.monotonic()
        if self._missing_since is None:
            self._missing_since = now
            _log.warning("a projection waits for an event", extra=self._told(gap))
        elif now - self._missing_since > GAP_SECONDS and self.parked is None:
            _log.error("a projection is parked", extra=self._told(gap))
            await self._park(
                Parked(self.checkpoint.position + 1, "", "the stream does not hold it")
            )

    async def _nothing_missing(self) -> None:
        self._missing_since = None
        if self.parked and not self.parked.event_type:
            await self._parking.resume()
            self.parked = None

    async def _park(self, parked: Parked) -> None:
        # The row first: whoever reads in health that it is parked finds what to resume.
        await self._parking.park(parked)
        self.parked = parked

    async def _forget_passed(self) -> None:
        if self.parked and self.parked.position <= self.checkpoint.position:
            await self._parking.resume()
            self.parked = None

    def _told(self, fault: Exception) -> dict[str, str | int]:
        error, position = type(fault).__name__, self.checkpoint.position + 1
        return {"projection": self.name, "error": error, "position": position}

"""Takes the events of one source into a generation that is being built, up to a position."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.reporting.projecting import RecordsProjection
from services.reporting.rebuild_state import RebuildState
from services.reporting.sources import Source
from shared.consumer import Handler
from shared.database import is_passing
from shared.eventstore.model import Recorded
from shared.interning import LabelBook
from shared.parking import Parked, Parking, Place, skipped
from shared.projection import Checkpoint, OvertakenError, load_checkpoint, project

if TYPE_CHECKING:
    import asyncpg

Tell = Callable[[str, int, int], None]


class Supply(Protocol):
    """Where the events of one source come from."""

    async def head(self) -> int:
        """Position of the last event."""

    async def run(self, start_after: int, handle: Handler) -> None:
        """Give `handle` every event after position `start_after`, in order, for ever."""


class UnreadableEventError(Exception):
    """An event that cannot be projected: it must be passed over, or the code mended."""


class _ReachedError(Exception):
    """As far as was asked for."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a rebuild works with. `tell(source, position, target)` hears of progress."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    book: LabelBook
    state: RebuildState
    tell: Tell
    retry_skipped: bool


class Building:
    """One source's part of one generation."""

    def __init__(self, at_work: Workplace, generation: int, source: Source, supply: Supply) -> None:
        self._at_work = at_work
        self._generation = generation
        self._supply = supply
        self._projection = RecordsProjection(generation, source, at_work.book, live=False)
        self._passed_over: frozenset[int] = frozenset()
        self.source = source.service
        self.at = Checkpoint(0, 0)

    async def head(self) -> int:
        return await self._supply.head()

    async def follow(self, target: int) -> None:
        """From its own checkpoint on. Raises UnreadableEventError."""
        async with self._at_work.pool.acquire() as connection:
            self.at = await load_checkpoint(connection, self._projection.name, self.source)
            if not self._at_work.retry_skipped:
                family = self._projection.family
                self._passed_over = await skipped(connection, family, self.source)

        async def take(events: list[Recorded]) -> None:
            if wanted := [event for event in events if event.position <= target]:
                await self._take(wanted, target)
            if events[-1].position >= target:
                raise _ReachedError

        try:
            if self.at.position < target:
                await self._supply.run(self.at.position, take)
        except _ReachedError:
            return

    async def _take(self, events: list[Recorded], target: int) -> None:
        """The whole batch, or one by one up to the event that will not go."""
        try:
            await self._project(events)
        except Exception as fault:
            if is_passing(fault) or isinstance(fault, OvertakenError | UnreadableEventError):
                raise
            if len(events) == 1:
                raise await self._unreadable(events[0], fault) from fault
            for event in events:
                await self._take([event], target)
        position = self.at.position
        await self._at_work.state.moved(self._generation, self.source, position, target)
        self._at_work.tell(self.source, position, target)

    async def _project(self, events: list[Recorded]) -> None:
        async with self._at_work.pool.acquire() as connection:
            self.at = await project(
                connection, self._projection, self.source, self.at, events, self._passed_over
            )

    async def _unreadable(self, event: Recorded, fault: Exception) -> UnreadableEventError:
        """Noted like any parked projection, so that a person can have it passed over."""
        place = Place(self._projection.name, self._projection.family, self.source)
        parked = Parked(event.position, event.type, type(fault).__name__)
        await Parking(self._at_work.pool, place).park(parked)
        return UnreadableEventError(
            f"{place} cannot take in position {event.position}: {parked.what}"
        )

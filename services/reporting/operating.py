"""What an operator asks about projections and tells them; running services take it up by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.reporting.overriding import FAMILY as OVERRIDES
from services.reporting.progress import SOURCES
from services.reporting.projecting import FAMILY as RECORDS
from services.reporting.projecting import projection_name
from shared.database import STATEMENT_SECONDS
from shared.parking import Parked, Parking, Place, Skip
from shared.projection import Checkpoint, find_checkpoint

if TYPE_CHECKING:
    import asyncpg

_GENERATIONS = """
select active as generation from generations union select generation from rebuilds order by generation
"""
_HELD = "select exists (select from leases where name = $1 and held_until > clock_timestamp())"
_SKIPPED = """
select projection || '/' || source as name, position, event_type, reason, by_whom, at
  from skipped_events where lifted_at is null order by projection, source, position
"""
_REBUILDS = "select generation, source, position, target, started_at from rebuilds order by source"


class UnknownProjectionError(Exception):
    """There is no projection of that name."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One projection: where it is, whether some process runs it, and before what it stands."""

    place: Place
    checkpoint: Checkpoint
    is_run: bool
    parked: Parked | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All of them, what is passed over (rows), and the rebuild under way (a row per source)."""

    standings: Sequence[Standing]
    skipped: "Sequence[asyncpg.Record]"
    rebuilds: "Sequence[asyncpg.Record]"


class Operating:
    """`pool`: of the projector's role."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def overview(self) -> Overview:
        return Overview(
            [await self._standing(place) for place in await self._places()],
            await self._pool.fetch(_SKIPPED, timeout=STATEMENT_SECONDS),
            await self._pool.fetch(_REBUILDS, timeout=STATEMENT_SECONDS),
        )

    async def skip(self, name: str, skip: Skip) -> bool:
        """False when no such projection stands before that position."""
        return any([await Parking(self._pool, place).skip(skip) for place in await self._of(name)])

    async def resume(self, name: str) -> bool:
        """False when it is not parked."""
        return any([await Parking(self._pool, place).resume() for place in await self._of(name)])

    async def _of(self, name: str) -> list[Place]:
        """The one that is served and the one being built."""
        found = [place for place in await self._places() if str(place) == name]
        if not found:
            raise UnknownProjectionError(f"There is no projection {name}.")
        return found

    async def _places(self) -> list[Place]:
        generations = await self._pool.fetch(_GENERATIONS, timeout=STATEMENT_SECONDS)
        names = [(projection_name(row["generation"]), RECORDS) for row in generations]
        return [
            Place(projection, family, source)
            for projection, family in [*names, (OVERRIDES, OVERRIDES)]
            for source in SOURCES
        ]

    async def _standing(self, place: Place) -> Standing:
        async with self._pool.acquire() as connection:
            checkpoint = await find_checkpoint(connection, place.projection, place.source)
            is_run = bool(await connection.fetchval(_HELD, str(place)))
        return Standing(place, checkpoint, is_run, await Parking(self._pool, place).find())

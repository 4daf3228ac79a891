"""Events that projections cannot take in and stand before, and those a person has them pass over."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shared.database import STATEMENT_SECONDS

if TYPE_CHECKING:
    import asyncpg

    from shared.interning import Connection

# Only whoever still stands at the checkpoint may say that it is stuck there.
_PARK = """
insert into parked (projection, source, position, event_type, reason)
select $1, $2, $3, $4, $5
 where exists (select from checkpoints
                where projection = $1 and source = $2 and position < $3)
    on conflict (projection, source) do update
   set position = excluded.position, event_type = excluded.event_type, reason = excluded.reason
"""
_FIND = "select position, event_type, reason, at from parked where projection = $1 and source = $2"
_RESUME = "delete from parked where projection = $1 and source = $2"
_SKIPPED = """
select position from skipped_events
 where projection = $1 and source = $2 and lifted_at is null
"""
_SKIP = """
with stands as (
    delete from parked where projection = $1 and source = $3 and position = $4 and event_type <> ''
    returning event_type
)
insert into skipped_events as known (projection, source, position, event_type, reason, by_whom)
select $2, $3, $4, event_type, $5, $6 from stands
    on conflict (projection, source, position) do update
   set reason = excluded.reason, by_whom = excluded.by_whom, at = excluded.at, lifted_at = null
"""


@dataclass(frozen=True, slots=True)
class Parked:
    """An event before which a projection stands. No type: the stream does not hold the event."""

    position: int
    event_type: str
    reason: str
    at: datetime | None = None

    @property
    def what(self) -> str:
        return f"{self.event_type} ({self.reason})" if self.event_type else self.reason


@dataclass(frozen=True, slots=True)
class Place:
    """One projection of one source. `family`: its name whatever the generation."""

    projection: str
    family: str
    source: str

    def __str__(self) -> str:
        return f"{self.family}/{self.source}"


@dataclass(frozen=True, slots=True)
class Skip:
    """Somebody's decision that an event is to be passed over."""

    position: int
    reason: str
    by: str


class Parking:
    """Of one projection, in the database its checkpoint is in."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", place: Place) -> None:
        self._pool = pool
        self._place = place

    async def park(self, parked: Parked) -> None:
        """Says nothing when another projector has moved on meanwhile."""
        place = self._place
        await self._pool.execute(
            _PARK, place.projection, place.source, parked.position, parked.event_type,
            parked.reason, timeout=STATEMENT_SECONDS,
        )  # fmt: skip

    async def find(self) -> Parked | None:
        """Where it stands, or nothing when it goes on."""
        row = await self._pool.fetchrow(
            _FIND, self._place.projection, self._place.source, timeout=STATEMENT_SECONDS
        )
        return Parked(**row) if row else None

    async def resume(self) -> bool:
        """Have it try again; False when it was not parked."""
        done = await self._pool.execute(
            _RESUME, self._place.projection, self._place.source, timeout=STATEMENT_SECONDS
        )
        return done != "DELETE 0"

    async def skip(self, skip: Skip) -> bool:
        """Have it pass over the event before which it stands; False when that is another, or none."""
        place = self._place
        done = await self._pool.execute(
            _SKIP, place.projection, place.family, place.source, skip.position, skip.reason,
            skip.by, timeout=STATEMENT_SECONDS,
        )  # fmt: skip
        return done == "INSERT 0 1"


async def skipped(connection: "Connection", family: str, source: str) -> frozenset[int]:
    """Positions to pass over."""
    rows = await connection.fetch(_SKIPPED, family, source, timeout=STATEMENT_SECONDS)
    return frozenset(row["position"] for row in rows)

"""One reader, one snapshot, two walls: every query runs in here and nowhere else.

The first wall is the predicate every query carries (`queries/predicate.py`); the second is row security,
fed by the same bit string through the session. Either alone would do.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg

from shared.interning import LabelBook
from shared.labels import Clearance
from shared.principal import Principal

if TYPE_CHECKING:
    from shared.interning import Connection

ACQUIRE_SECONDS = 3.0

_STATE = "select (select active from generations) as active, (select max(label_id) from label_ids) as labels"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one principal may read, at one moment, of one generation. `bits`: his readable labels.

    `predicate` is off only in tests of row security by itself. With `as_of` everything reads as it was
    known then, to whoever may read it now. `own_bits`: those without emergency access, where he has it.
    """

    connection: "Connection"
    principal: Principal
    bits: bytes
    generation: int
    predicate: bool
    as_of: datetime | None = None
    own_bits: bytes | None = None


class Reader:
    """Opens snapshots. `pool`: of the reading role."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        book: LabelBook,
        *,
        predicate: bool = True,
    ) -> None:
        self._pool = pool
        self._book = book
        self._predicate = predicate
        self._generation = 1

    @asynccontextmanager
    async def snapshot(
        self, principal: Principal, as_of: datetime | None = None
    ) -> AsyncIterator[Snapshot]:
        """A read-only transaction that sees only what `principal` may, as of a moment (UTC) or of now."""
        async with self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            try:
                bits = await self._begin(connection, principal.clearance)
                if as_of is not None:
                    await connection.execute(_past(self._generation, as_of))
                own = self._book.bits(principal.without_emergency.clearance)
                yield Snapshot(
                    connection,
                    principal,
                    bits,
                    self._generation,
                    self._predicate,
                    as_of,
                    own if principal.opened else None,
                )
            finally:
                with suppress(asyncpg.InterfaceError, asyncpg.PostgresConnectionError, OSError):
                    await connection.execute("rollback")

    async def check(self) -> None:
        """Raises when the database does not answer."""
        await self._pool.fetchrow(_STATE, timeout=ACQUIRE_SECONDS)

    async def _begin(self, connection: "Connection", clearance: Clearance) -> bytes:
        """One round trip to begin, one to make sure that nothing moved since; rarely two more."""
        bits = self._book.bits(clearance)
        begin = "begin isolation level repeatable read read only; "
        await connection.execute(begin + _session(self._generation, bits))
        state = await connection.fetchrow(_STATE)
        active, labels = (state["active"], state["labels"] or 0) if state else (1, 0)
        if active != self._generation or labels > self._book.last:
            await self._book.refresh(connection)
            self._generation = active
            bits = self._book.bits(clearance)
            await connection.execute(_session(active, bits))
        return bits


def _past(generation: int, as_of: datetime) -> str:
    # A moment is spelled with digits and signs only; see below.
    return (
        f"set local search_path = g{generation:d}_past, g{generation:d}, public;"
        f" set local parley.as_of = '{as_of.astimezone(UTC).isoformat()}'"
    )


def _session(generation: int, bits: bytes) -> str:
    # SET takes no parameters; a number and hexadecimal digits need no quoting.
    return (
        f"set local search_path = g{generation:d}, public; set local parley.bits = '{bits.hex()}'"
    )

"""Nothing is appended to a database that came back until it is known whether it lost anything.

A restored database looks like any other; only the stream may remember what it forgot. So whenever a
server is met that has started since, appends wait until the two were compared (shared/continuity.py).
"""

import asyncio

import asyncpg

from shared.database import STATEMENT_SECONDS, Pool
from shared.errors import BusyError, HealthError
from shared.eventstore.counted import CountedStore
from shared.eventstore.model import Append, Appended

WAIT_SECONDS = 2.0

_STARTED = "select pg_postmaster_start_time()::text"


class UndecidedError(HealthError):
    """It is not known yet whether the database has lost events; nothing is appended."""

    code = "epoch_undecided"


class NotDecidedError(ConnectionError):
    """Met by an append on its way; it is answered like any other outage."""


class Gate:
    """Open for the one server that was compared with the stream."""

    def __init__(self) -> None:
        self._decided: str | None = None
        self._opened = asyncio.Event()
        self.closed = asyncio.Event()
        self.closed.set()

    @property
    def is_open(self) -> bool:
        return self._opened.is_set()

    def close(self) -> None:
        self._opened.clear()
        self.closed.set()

    async def passed(self) -> None:
        """Waits a little while it is closed, as after every start. Raises BusyError."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._opened.wait()
        except TimeoutError:
            raise BusyError(
                "The store has just come back and is being checked; try again.",
                retry_after_seconds=1,
            ) from None

    async def greet(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Of every new connection: one to a server that has started since closes the gate."""
        if await connection.fetchval(_STARTED, timeout=STATEMENT_SECONDS) != self._decided:
            self.close()

    def open_for(self, started: str) -> None:
        self._decided = started
        self.closed.clear()
        self._opened.set()

    async def check(self) -> None:
        """For health. Raises UndecidedError while it is closed."""
        if not self.is_open:
            raise UndecidedError("appends wait until store and stream are compared")


class GuardedStore(CountedStore):
    """An event store behind a gate. Reading is free."""

    def __init__(self, pool: Pool, gate: Gate) -> None:
        super().__init__(pool)
        self._gate = gate

    async def append(self, append: Append) -> Appended:
        """As EventStore's. Raises BusyError, too, while the gate is closed."""
        if not self._gate.is_open:
            await self._gate.passed()
        return await super().append(append)

    def _check_may_append(self) -> None:
        """The connection that was waited for may be the first to a server that came back."""
        if not self._gate.is_open:
            raise NotDecidedError

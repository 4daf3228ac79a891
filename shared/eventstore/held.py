"""Connections that are kept from one append to the next.

The pool's own are cleaned by the driver whenever they are given back: a second round trip for each
append, which leaves nothing to clean.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.database import Pool, Pooled


class HeldConnections:
    """As many as are in use at once; those that broke go back to the pool, which makes new ones."""

    def __init__(self, pool: Pool, timeout_seconds: float) -> None:
        self._pool = pool
        self._timeout_seconds = timeout_seconds
        self._idle: list[Pooled] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Pooled]:
        """Given back to the pool when the block fails: who knows in what state it is."""
        connection = await self._take()
        try:
            yield connection
        except BaseException:
            await self._pool.release(connection)
            raise
        self._idle.append(connection)

    async def close(self) -> None:
        while self._idle:
            await self._pool.release(self._idle.pop())

    async def _take(self) -> Pooled:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            await self._pool.release(connection)
        return await self._pool.acquire(timeout=self._timeout_seconds)

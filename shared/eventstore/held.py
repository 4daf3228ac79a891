"""Connections that are kept from one append to the next.

The pool does more for each connection that it gives out and takes back than an append needs: those of
other pools are even cleaned, by a round trip of its own.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from shared.database import Pool, Pooled


class HeldConnections:
    """At most half of the pool, so that readers never starve; those that broke are made anew by it."""

    def __init__(self, pool: Pool, timeout_seconds: float) -> None:
        self._pool = pool
        self._timeout_seconds = timeout_seconds
        self._kept = pool.get_max_size() // 2
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
        if len(self._idle) < self._kept:
            self._idle.append(connection)
        else:
            await self._pool.release(connection)

    async def close(self) -> None:
        while self._idle:
            await self._pool.release(self._idle.pop())

    async def _take(self) -> Pooled:
        while self._idle:
            connection = self._idle.pop()
            if not is_gone(connection):
                return connection
            await self._pool.release(connection)
        return await self._pool.acquire(timeout=self._timeout_seconds)


def is_gone(connection: Pooled) -> bool:
    """Whether it broke while nobody used it: the pool takes such a one back by itself."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True

"""One at a time, whichever process it comes to: whoever takes a sign-in name must know all that are taken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.database import STATEMENT_SECONDS, Pool, asking

# Any number that nothing else in this database locks.
LOCK = 0x6163_6365_7373
LOCKED = "select pg_advisory_xact_lock($1)"


class Turns:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        # Here they wait without a connection, or those waiting would leave none for whoever goes on.
        self._here = asyncio.Lock()

    @asynccontextmanager
    async def in_turn(self) -> AsyncIterator[None]:
        """Raises BusyError when it takes too long."""
        async with self._here, asking(self._pool) as connection, connection.transaction():
            await connection.execute(LOCKED, LOCK, timeout=STATEMENT_SECONDS)
            yield

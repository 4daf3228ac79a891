"""Connections to PostgreSQL: pools with named timeouts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

CONNECT_SECONDS = 5.0
STATEMENT_SECONDS = 10.0
CLOSE_SECONDS = 5.0
IDLE_SECONDS = 300.0


@asynccontextmanager
async def open_pool(url: str, *, connections: int) -> "AsyncIterator[asyncpg.Pool[asyncpg.Record]]":
    """A pool of up to `connections`; statements that take longer than STATEMENT_SECONDS fail."""
    pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=connections,
        timeout=CONNECT_SECONDS,
        command_timeout=STATEMENT_SECONDS,
        max_inactive_connection_lifetime=IDLE_SECONDS,
    )
    try:
        yield pool
    finally:
        pool.terminate()

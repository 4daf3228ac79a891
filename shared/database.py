"""Connections to PostgreSQL: pools with named timeouts, and which faults pass by themselves."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from shared.errors import BusyError

CONNECT_SECONDS = 5.0
ACQUIRE_SECONDS = 5.0
STATEMENT_SECONDS = 10.0
IDLE_SECONDS = 300.0

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Pooled: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"


# Hears of every new connection before it is used.
Greet: TypeAlias = Callable[[asyncpg.Connection], Awaitable[None]]


@asynccontextmanager
async def open_pool(
    url: str, *, connections: int, greet: Greet | None = None, cleaned: bool = True
) -> AsyncIterator[Pool]:
    """A pool of up to `connections`; statements that take longer than STATEMENT_SECONDS fail.

    Not `cleaned`: for users who leave nothing behind on a connection, no settings, locks or listening.
    Cleaning is a round trip of its own each time that one is given back.
    """
    pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=connections,
        timeout=CONNECT_SECONDS,
        command_timeout=STATEMENT_SECONDS,
        max_inactive_connection_lifetime=IDLE_SECONDS,
        reset=None if cleaned else _as_it_is,
        init=greet,  # type: ignore[arg-type]  # the stubs want its argument by a name of theirs
    )
    try:
        yield pool
    finally:
        pool.terminate()


async def _as_it_is(connection: asyncpg.Connection) -> None:
    """What is left of a transaction the driver has ended before."""


@asynccontextmanager
async def asking(pool: Pool) -> AsyncIterator[Pooled]:
    """A connection for reading. Raises BusyError when the database is away or none comes free."""
    try:
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            yield connection
    except Exception as fault:
        if not is_passing(fault):
            raise
        raise unanswered() from fault


def unanswered() -> BusyError:
    return BusyError("The database did not answer; try again.", retry_after_seconds=1)


def is_passing(fault: BaseException) -> bool:
    """Whether trying again later may help: the database or the network, not what was sent."""
    match fault:
        case ValueError():
            return False  # the driver's own complaint about a value is an InterfaceError too
        case BaseExceptionGroup():
            return all(is_passing(one) for one in fault.exceptions)
        case asyncpg.PostgresConnectionError() | asyncpg.InterfaceError():
            return True
        case asyncpg.InternalClientError():
            return True  # the driver lost its connection in the middle of a message
        case asyncpg.OperatorInterventionError() | asyncpg.TransactionRollbackError():
            return True
        case asyncpg.InsufficientResourcesError() | asyncpg.ReadOnlySQLTransactionError():
            return True
        case OSError() | TimeoutError():
            return True
        case _:
            return False

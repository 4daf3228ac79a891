"""Holding a lease while work is done: renewed, lost, let go. The database may be away meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from shared.database import is_passing
from shared.leases import RENEW_SECONDS, Lease


@asynccontextmanager
async def kept(lease: Lease) -> AsyncIterator[None]:
    """Renew a lease that is held, and let it go in the end."""
    keeping = asyncio.create_task(keep(lease))
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        await let_go(lease)


async def let_go(lease: Lease) -> None:
    """Let another process begin at once; if the database is away, it will a little later."""
    with forgiving():
        await lease.release()


async def keep(lease: Lease) -> None:
    """Until another process has it."""
    while await hold(lease, unknown=True):  # noqa: ASYNC110 - it changes in the database
        await asyncio.sleep(RENEW_SECONDS)


async def hold(lease: Lease, *, unknown: bool) -> bool:
    """`unknown`: what to believe while the database is away."""
    try:
        return await lease.hold()
    except Exception as fault:
        if not is_passing(fault):
            raise
        return unknown


@contextmanager
def forgiving() -> Iterator[None]:
    """What passes by itself is tried again anyway."""
    try:
        yield
    except Exception as fault:
        if not is_passing(fault):
            raise

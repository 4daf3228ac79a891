"""Projections shared among replicas: one process runs each, the others watch how far it has come."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from shared.database import is_passing
from shared.leases import RENEW_SECONDS, Lease
from shared.projection_runner import Moved, Runner

# Whoever waits for his own write at a replica that stands by waits this much longer.
LOOK_SECONDS = 0.25
LOOKS = round(RENEW_SECONDS / LOOK_SECONDS)

_log = logging.getLogger(__name__)


class Shared:
    """One projection of one source. `seen` hears of checkpoints another process moved."""

    def __init__(self, lease: Lease, runner: Runner, seen: Moved) -> None:
        self._lease = lease
        self._runner = runner
        self._seen = seen

    async def run(self) -> None:
        """Never returns. Raises, in a group, what the runner raises."""
        while True:
            if await _hold(self._lease, unknown=False):
                await self._work()
            else:
                await self._stand_by()

    async def _work(self) -> None:
        """While the lease is ours. The checkpoint keeps right what happens when it no longer is."""
        _log.info("a projection is run here", extra={"projection": self._runner.name})
        async with asyncio.TaskGroup() as group:
            working = group.create_task(self._runner.run())
            await _keep(self._lease)
            working.cancel()
        _log.warning("a projection is run elsewhere", extra={"projection": self._runner.name})

    async def _stand_by(self) -> None:
        for _ in range(LOOKS):
            with _forgiving():
                await self._seen(self._runner.source, await self._runner.look())
            await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def kept(lease: Lease) -> AsyncIterator[None]:
    """Renew a lease that is held, and let it go in the end."""
    keeping = asyncio.create_task(_keep(lease))
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        await let_go(lease)


async def let_go(lease: Lease) -> None:
    """Let another process begin at once; if the database is away, it will a little later."""
    with _forgiving():
        await lease.release()


async def _keep(lease: Lease) -> None:
    """Until another process has it."""
    while await _hold(lease, unknown=True):  # noqa: ASYNC110 - it changes in the database
        await asyncio.sleep(RENEW_SECONDS)


async def _hold(lease: Lease, *, unknown: bool) -> bool:
    """`unknown`: what to believe while the database is away."""
    try:
        return await lease.hold()
    except Exception as fault:
        if not is_passing(fault):
            raise
        return unknown


@contextmanager
def _forgiving() -> Iterator[None]:
    """What passes by itself is tried again anyway."""
    try:
        yield
    except Exception as fault:
        if not is_passing(fault):
            raise

"""Projections shared among replicas: one process runs each, the others watch how far it has come."""

import asyncio
import logging

from shared.leases import RENEW_SECONDS, Lease
from shared.leasing import forgiving, hold, keep
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
            if await hold(self._lease, unknown=False):
                await self._work()
            else:
                await self._stand_by()

    async def _work(self) -> None:
        """While the lease is ours. The checkpoint keeps right what happens when it no longer is."""
        _log.info("a projection is run here", extra={"projection": self._runner.name})
        async with asyncio.TaskGroup() as group:
            working = group.create_task(self._runner.run())
            await keep(self._lease)
            working.cancel()
        _log.warning("a projection is run elsewhere", extra={"projection": self._runner.name})

    async def _stand_by(self) -> None:
        for _ in range(LOOKS):
            with forgiving():
                await self._seen(self._runner.source, await self._runner.look())
            await asyncio.sleep(LOOK_SECONDS)

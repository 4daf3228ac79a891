"""Works at jobs: a few at a time, a little at each, so that a long one keeps nobody waiting."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import assert_never

from services.gateway.jobs import store, turns
from services.gateway.jobs.exporting import gather
from services.gateway.jobs.importing import carry_out
from services.gateway.jobs.job import Job, JobState, JobStopped, JobWork
from services.gateway.jobs.rights import principal_now
from services.gateway.wiring import Gateway
from shared.clock import utc_now
from shared.database import is_passing
from shared.errors import AppError
from shared.ids import new_bytes
from shared.leases import RENEW_SECONDS

AT_ONCE = 2
TURN_SECONDS = 2.0
LOOK_SECONDS = 1.0
OUTAGE_SECONDS = 1.0
SWEEP_SECONDS = 600.0
TOO_MANY_REQUESTS = 429
_log = logging.getLogger(__name__)


@dataclass
class Jobs:
    """The jobs of one gateway. `called`: somebody has just asked for one here."""

    gateway: Gateway
    holder: str = field(default_factory=lambda: new_bytes(8).hex())
    called: asyncio.Event = field(default_factory=asyncio.Event)
    swept_at: float = float("-inf")

    async def run(self) -> None:
        """For as long as the gateway runs."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._forever(self._renew))
            for _ in range(AT_ONCE):
                group.create_task(self._forever(self._turn))

    async def _forever(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except Exception as fault:  # noqa: BLE001 - told; the jobs are kept, and tried again
                _tell(fault)
                await asyncio.sleep(OUTAGE_SECONDS)

    async def _renew(self) -> None:
        await turns.renew(self.gateway.pool, self.holder)
        if time.monotonic() - self.swept_at > SWEEP_SECONDS:
            self.swept_at = time.monotonic()
            await store.sweep(self.gateway.pool)
        await asyncio.sleep(RENEW_SECONDS)

    async def _turn(self) -> None:
        self.called.clear()
        job = await turns.take(self.gateway.pool, self.holder)
        if job is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self.called.wait()
            return
        await self._work(job)

    async def _work(self, job: Job) -> None:
        """One turn at a job. A fault of ours ends it; an outage does not."""
        pause, until = 0.0, time.monotonic() + TURN_SECONDS
        following: Job | None = job
        try:
            while following is not None and time.monotonic() < until:
                following = await self._step(following)
        except Exception as fault:  # noqa: BLE001 - told, and the job knows
            pause = OUTAGE_SECONDS
            _tell(fault)
            if not _passes(fault):
                await self._end(job, JobState.STOPPED, JobStopped.FAULT)
        await turns.let_go(self.gateway.pool, job, self.holder, pause)

    async def _step(self, job: Job) -> Job | None:
        """The job after its next part; None when it has ended, or is no longer ours."""
        went = await self._done(job)
        if isinstance(went, JobStopped):
            await self._end(job, JobState.STOPPED, went)
            return None
        if went is not None and went.part == went.parts:
            await self._end(job, JobState.DONE)
            return None
        return went

    async def _done(self, job: Job) -> Job | JobStopped | None:
        principal = await principal_now(self.gateway, job)
        if principal is None:
            return JobStopped.REVOKED
        match job.work:
            case JobWork.EXPORT:
                return await gather(self.gateway, principal, job, self.holder)
            case JobWork.IMPORT:
                return await carry_out(self.gateway, principal, job, self.holder)
            case _:
                assert_never(job.work)

    async def _end(self, job: Job, state: JobState, why: JobStopped | None = None) -> None:
        await turns.end(self.gateway.pool, job, self.holder, utc_now(), state, why)


@asynccontextmanager
async def working_at_jobs(gateway: Gateway) -> AsyncIterator[Jobs]:
    """While open, jobs are worked at, here or by another replica."""
    jobs = Jobs(gateway)
    running = asyncio.create_task(jobs.run())
    try:
        yield jobs
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def _passes(fault: Exception) -> bool:
    """Whether waiting may help: of what a service refuses as it was asked it does not."""
    if isinstance(fault, AppError):
        return fault.status >= 500 or fault.status == TOO_MANY_REQUESTS
    return is_passing(fault)


def _tell(fault: Exception) -> None:
    if _passes(fault):
        _log.warning("jobs wait for an outage to pass", extra={"error": type(fault).__name__})
    else:
        _log.error("a job met a fault", exc_info=fault)

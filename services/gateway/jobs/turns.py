"""Turns at jobs: taken by one process at a time, kept while it works, and what came of a part counted once.

The lease spares work; that nothing counts twice is the fence: a part's outcome is written together with the
number of the next part, and only by whoever holds the job then.
"""

from collections.abc import Sequence
from datetime import datetime

from services.gateway.jobs.job import Job, JobState, JobStopped
from services.gateway.jobs.store import COLUMNS, job_of
from shared.database import STATEMENT_SECONDS, Pool, Pooled, asking
from shared.leases import LEASE_SECONDS

_TAKE = f"""update jobs set holder = $1, state = 'running', worked_at = clock_timestamp(),
        held_until = clock_timestamp() + make_interval(secs => $2)
    where job_id = (select job_id from jobs where state in ('waiting', 'running')
        and (held_until is null or held_until < clock_timestamp())
        order by worked_at limit 1 for update skip locked)
    returning {COLUMNS}"""  # noqa: S608 - constants only
_RENEW = """update jobs set held_until = clock_timestamp() + make_interval(secs => $2)
    where holder = $1 and ended_at is null"""
_LET_GO = """update jobs set holder = null, worked_at = clock_timestamp(),
        held_until = case when $3 > 0 then clock_timestamp() + make_interval(secs => $3) end
    where job_id = $1 and holder = $2"""
_FOUND = """update jobs set part = part + 1, rows_done = rows_done + $4, place = $5
    where job_id = $1 and holder = $2 and part = $3 and ended_at is null"""
_DEALT = """update jobs set part = part + 1, rows_done = rows_done + $4 + $5, accepted = accepted + $4,
        rejected = rejected + $5
    where job_id = $1 and holder = $2 and part = $3 and ended_at is null"""
_PART = "insert into job_parts (job_id, number, content) values ($1, $2, $3)"
_PART_DEALT = "delete from job_parts where job_id = $1 and number = $2"
_REFUSED = "insert into job_rejected (job_id, number, content) values ($1, $2, $3)"
_END = """update jobs set state = $3, why = $4, ended_at = $5, holder = null
    where job_id = $1 and holder = $2 and ended_at is null"""
_NO_PARTS = "delete from job_parts where job_id = $1"
DONE = "UPDATE 1"


async def take(pool: Pool, holder: str) -> Job | None:
    """The job that waited longest of those nobody works on."""
    async with asking(pool) as connection:
        row = await connection.fetchrow(_TAKE, holder, LEASE_SECONDS)
    return job_of(row) if row else None


async def renew(pool: Pool, holder: str) -> None:
    """All that `holder` works on."""
    await pool.execute(_RENEW, holder, LEASE_SECONDS, timeout=STATEMENT_SECONDS)


async def let_go(pool: Pool, job: Job, holder: str, pause_seconds: float) -> None:
    """Let whoever is free go on with it, once the pause is over."""
    async with asking(pool) as connection:
        await connection.execute(_LET_GO, job.job_id, holder, pause_seconds)


async def found(pool: Pool, job: Job, holder: str, part: tuple[int, bytes], place: bytes) -> bool:
    """An export's next part: how many rows, and their sealed ids. False when the job is no longer ours."""
    count, content = part
    async with asking(pool) as connection, connection.transaction():
        if not await _moved(connection, _FOUND, job, holder, count, place):
            return False
        await connection.execute(_PART, job.job_id, job.part, content)
    return True


async def dealt(
    pool: Pool,
    job: Job,
    holder: str,
    accepted: int,
    refused: Sequence[tuple[int, bytes]],
    *,
    keeping: bool,
) -> bool:
    """What came of an import's next part, kept or not. False when the job is no longer ours."""
    async with asking(pool) as connection, connection.transaction():
        if not await _moved(connection, _DEALT, job, holder, accepted, len(refused)):
            return False
        await connection.executemany(_REFUSED, [(job.job_id, *one) for one in refused])
        if not keeping:
            await connection.execute(_PART_DEALT, job.job_id, job.part)
    return True


async def end(
    pool: Pool, job: Job, holder: str, now: datetime, state: JobState, why: JobStopped | None = None
) -> None:
    """Nothing when the job is no longer ours. Of one that is not done nothing is left over."""
    async with asking(pool) as connection, connection.transaction():
        ended = await connection.execute(_END, job.job_id, holder, state, why, now)
        if ended == DONE and state is not JobState.DONE:
            await connection.execute(_NO_PARTS, job.job_id)


async def _moved(connection: Pooled, query: str, job: Job, holder: str, *values: object) -> bool:
    done = await connection.execute(query, job.job_id, holder, job.part, *values)
    return bool(done == DONE)

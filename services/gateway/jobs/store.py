"""Jobs in the gateway's tables, as their callers know them; one query per question."""

from datetime import datetime, timedelta
from typing import Any

from services.gateway.jobs.job import Job, JobState, JobStopped, JobWork
from services.gateway.rate_limits import RateLimitError
from shared.database import Pool, asking
from shared.errors import RejectedError

MOST_OPEN, MOST_KEPT = 8, 100
AGAIN_SECONDS = 10
# An upload that was cut off by our own end is nobody's after this.
UPLOADED_WITHIN = timedelta(minutes=15)
COLUMNS = """job_id, client, organisation_id, work, plural, secret, asked, request_digest, asked_at,
    expires_at, state, why, rows_total, rows_done, accepted, rejected, parts, part, place, ended_at"""
_ONE = f"select {COLUMNS} from jobs where job_id = $1 and client = $2 and expires_at > $3"  # noqa: S608 - constants only
_OF_CLIENT = f"""select {COLUMNS} from jobs where client = $1 and expires_at > $2
    order by asked_at desc, job_id"""  # noqa: S608 - constants only
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended($1, 15))"
_COUNT = """select count(*) filter (where ended_at is null) as open, count(*) as kept
    from jobs where client = $1 and expires_at > $2"""
_ADD = """insert into jobs (job_id, client, organisation_id, work, plural, secret, asked, request_digest,
        asked_at, expires_at, state)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"""
_CANCEL = """update jobs set state = 'cancelled', ended_at = $2, holder = null
    where job_id = $1 and ended_at is null"""
DONE = "UPDATE 1"
_NO_PARTS = "delete from job_parts where job_id = $1"
_DELETE = "delete from jobs where job_id = $1"
_PARTS = "select number, content from job_parts where job_id = $1 and number >= $2 order by number limit $3"
_REJECTED = """select number, content from job_rejected where job_id = $1 and number > $2
    order by number limit $3"""
_SWEEP = """delete from jobs where expires_at <= clock_timestamp()
    or (state = 'receiving' and asked_at <= clock_timestamp() - $1::interval)"""


async def job(pool: Pool, job_id: str, client: str, now: datetime) -> Job | None:
    """None for another caller's, as for one that is not there."""
    found = await _read(pool, _ONE, job_id, client, now)
    return found[0] if found else None


async def of_client(pool: Pool, client: str, now: datetime) -> list[Job]:
    """The latest first, at most MOST_KEPT."""
    return await _read(pool, _OF_CLIENT, client, now)


async def add(pool: Pool, new: Job) -> Job:
    """`new`, or the one of the same id that was there before.

    Raises RateLimitError while too many of the caller's run, RejectedError when too many are kept.
    """
    async with asking(pool) as connection, connection.transaction():
        await connection.execute(_ONE_AT_A_TIME, new.client)
        rows = await connection.fetch(_ONE, new.job_id, new.client, new.asked_at)
        if rows:
            return job_of(rows[0])
        count = await connection.fetchrow(_COUNT, new.client, new.asked_at)
        if count is not None:
            _check(count["open"], count["kept"])
        await connection.execute(_DELETE, new.job_id)  # expired, and not swept yet
        await connection.execute(
            _ADD, new.job_id, new.client, new.organisation_id, new.work, new.plural, new.secret,
            new.asked, new.request_digest, new.asked_at, new.expires_at, new.state,
        )  # fmt: skip
    return new


async def cancel(pool: Pool, job_id: str, now: datetime) -> None:
    """Nothing once it has ended. What is under way at this moment may still be done."""
    async with asking(pool) as connection, connection.transaction():
        if await connection.execute(_CANCEL, job_id, now) == DONE:
            await connection.execute(_NO_PARTS, job_id)


async def delete(pool: Pool, job_id: str) -> None:
    """With all that is kept of it."""
    async with asking(pool) as connection:
        await connection.execute(_DELETE, job_id)


async def parts(pool: Pool, job_id: str, first: int, limit: int) -> list[tuple[int, bytes]]:
    """In order, from the one numbered `first`."""
    async with asking(pool) as connection:
        rows = await connection.fetch(_PARTS, job_id, first, limit)
    return [(row["number"], row["content"]) for row in rows]


async def rejected(pool: Pool, job_id: str, after: int, limit: int) -> list[tuple[int, bytes]]:
    """Rows that were refused, in order, after row `after`."""
    async with asking(pool) as connection:
        rows = await connection.fetch(_REJECTED, job_id, after, limit)
    return [(row["number"], row["content"]) for row in rows]


async def sweep(pool: Pool) -> None:
    """What has expired, and uploads that nobody will finish."""
    async with asking(pool) as connection:
        await connection.execute(_SWEEP, UPLOADED_WITHIN)


def job_of(row: Any) -> Job:  # Any: a row
    told = dict(row)
    told |= {"work": JobWork(told["work"]), "state": JobState(told["state"])}
    return Job(**told | {"why": JobStopped(told["why"]) if told["why"] else None})


def _check(open_now: int, kept: int) -> None:
    if open_now >= MOST_OPEN:
        raise RateLimitError(
            f"{MOST_OPEN} of your jobs are not done yet; wait for one, or cancel it.",
            code="too_many_jobs",
            retry_after_seconds=AGAIN_SECONDS,
        )
    if kept >= MOST_KEPT:
        raise RejectedError(
            f"At most {MOST_KEPT} jobs are kept for a caller; delete one.", code="too_many_jobs"
        )


async def _read(pool: Pool, query: str, *values: Any) -> list[Job]:  # Any: SQL values
    async with asking(pool) as connection:
        return [job_of(row) for row in await connection.fetch(query, *values)]

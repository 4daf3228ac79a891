"""Jobs as their callers are told of them, for the API and for the pages alike."""

from services.gateway.jobs import store
from services.gateway.jobs.job import Job, JobState, JobWork, asked_of, box_of
from services.gateway.jobs.schemas import (
    ColumnRead,
    JobProgress,
    JobView,
    RejectedRow,
    RejectedRows,
)
from services.gateway.wiring import Gateway
from shared.clock import utc_now
from shared.errors import MalformedError, NotFoundError
from shared.principal import Principal
from shared.sealed_tokens import Purpose

BASE = "/v1/jobs"


async def job_of(gateway: Gateway, principal: Principal, job_id: str) -> Job:
    """Raises NotFoundError for another caller's, as for one that is not there or has expired."""
    job = await store.job(gateway.pool, job_id, principal.client, utc_now())
    if job is None or job.organisation_id != str(principal.organisation):
        raise NotFoundError("There is no such job.")
    return job


def shown(gateway: Gateway, job: Job) -> JobView:
    asked, one = asked_of(gateway, job), f"{BASE}/{job.job_id}"
    has_file = job.work is JobWork.EXPORT and job.state is JobState.DONE
    return JobView(
        id=job.job_id,
        work=job.work,
        records=job.plural,
        format=asked["format"],
        state=job.state,
        why=job.why,
        progress=_progress(job),
        file=f"{one}/file" if has_file else None,
        rejected=f"{one}/rejected" if job.rejected else None,
        columns=[ColumnRead(column=one, field=field) for one, field in asked.get("columns", ())],
        unused_columns=asked.get("unused", []),
        checked_only=asked.get("validate_only", False),
        asked_at=job.asked_at,
        ended_at=job.ended_at,
        expires_at=job.expires_at,
    )


async def rejected_page(
    gateway: Gateway, principal: Principal, job: Job, cursor: str | None, size: int
) -> RejectedRows:
    """Rows in order. Raises MalformedError when the cursor is not this caller's, or of another job."""
    after = 0
    if cursor is not None:
        kept = gateway.book.open(Purpose.PAGE, principal.client, cursor)
        if kept.get("q") != job.job_id:
            raise MalformedError("This page was not given to you.")
        after = kept["n"]
    found = await store.rejected(gateway.pool, job.job_id, after, size + 1)
    box, following = box_of(gateway, job), None
    if len(found) > size:
        content = {"q": job.job_id, "n": found[size - 1][0]}
        following = gateway.book.seal(Purpose.PAGE, principal.client, content)
    opened = ((number, box.open(row_named(number), sealed)) for number, sealed in found[:size])
    items = [RejectedRow(row=number, **told) for number, told in opened]
    return RejectedRows(items=items, next_cursor=following)


def row_named(number: int) -> str:
    """What is kept of a refused row is bound to."""
    return f"row {number}"


def _progress(job: Job) -> JobProgress:
    if job.work is JobWork.EXPORT:
        return JobProgress(rows=job.rows_done)
    return JobProgress(
        rows=job.rows_done, total=job.rows_total, accepted=job.accepted, rejected=job.rejected
    )

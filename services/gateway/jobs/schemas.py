"""What callers are told of jobs."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.gateway.jobs.formats import FileFormat
from services.gateway.jobs.job import JobState, JobStopped, JobWork
from services.gateway.partner_api.schemas_parts import Answer


class JobProgress(Answer):
    """`rows`: dealt with so far. `total`: of an import's file; an export finds out on its way."""

    rows: int
    total: int | None = None
    accepted: int | None = None
    rejected: int | None = None


class ColumnRead(Answer):
    """`column`: as the file calls it. `field`: what it is taken for; `external_id` is your own id."""

    column: str
    field: str


class JobView(Answer):
    """`file`: once an export is done. What you may no longer read when you fetch it is not in it.

    `rejected`: once an import refused a row. `columns` of a table are understood, `unused_columns` left out.
    `checked_only`: every rule was run, and nothing written.
    """

    id: str
    work: JobWork
    records: Annotated[str, Field(description="Which kind, as its lists are called.")]
    format: FileFormat
    state: JobState
    why: Annotated[
        JobStopped | None, Field(description="revoked, fault (ours), too_many: why it was stopped.")
    ] = None
    progress: JobProgress
    file: str | None = None
    rejected: str | None = None
    columns: list[ColumnRead] = []
    unused_columns: list[str] = []
    checked_only: bool = False
    asked_at: datetime
    ended_at: datetime | None = None
    expires_at: datetime


class JobsShown(Answer):
    items: list[JobView]
    next_cursor: None = None


class RowError(Answer):
    """`pointer`: into the row."""

    pointer: str
    code: str
    detail: str


class RejectedRow(Answer):
    """`row` from 1; `line` of the file it begins on. `status`: as the same write is answered alone."""

    row: int
    line: int
    status: int
    code: str
    detail: str
    errors: list[RowError] = []


class RejectedRows(Answer):
    items: list[RejectedRow]
    next_cursor: str | None = None


ANSWERS: tuple[type[BaseModel], ...] = (JobView, JobsShown, RejectedRows)

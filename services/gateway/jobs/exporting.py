"""Exports: which records are asked for is found out page by page; what is in them is read when the file is.

Only ids are kept, so nothing that somebody may no longer read lies anywhere to be fetched later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import orjson

from services.gateway.jobs import store, turns
from services.gateway.jobs.formats import FileFormat
from services.gateway.jobs.job import (
    ASKED,
    KEPT,
    Job,
    JobStopped,
    JobWork,
    asked_of,
    box_of,
    digest_of,
    id_of,
    new_box,
)
from services.gateway.partner_api.kinds import KindApi
from services.gateway.reads.channels import Channel
from services.gateway.wiring import Gateway
from shared.clock import utc_now
from shared.errors import InvalidError
from shared.principal import Principal

REPORTING, RECORDS = "reporting", "/records"
PAGE_SIZE = 500
# More than this is no file to hand on, but a copy of the mission's records.
MOST_ROWS = 50_000
AT_END = b""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file is to hold. `filters`: as the lists know them; `fields`: None means all."""

    api: KindApi
    filters: Mapping[str, str]
    fields: frozenset[str] | None
    format: FileFormat


async def ask(gateway: Gateway, principal: Principal, key: str, wanted: Wanted) -> tuple[Job, bool]:
    """The job, and whether it was there before. Raises AppError when the filters are not right."""
    plural, now = wanted.api.plural, utc_now()
    params = dict(wanted.filters) | {"kind": str(wanted.api.kind)}
    read = gateway.upstream.by(Channel.UNSEEN)
    await read.get(REPORTING, RECORDS, params | {"page_size": "1"}, principal)
    fields = None if wanted.fields is None else sorted(wanted.fields)
    asked = {"filters": params, "fields": fields, "format": wanted.format}
    job_id = id_of(gateway, principal.client, f"{plural}/export", key)
    box, secret = new_box(gateway, job_id)
    new = Job(
        job_id=job_id,
        client=principal.client,
        organisation_id=str(principal.organisation),
        work=JobWork.EXPORT,
        plural=plural,
        secret=secret,
        asked=box.seal(ASKED, asked),
        request_digest=digest_of(gateway, asked),
        asked_at=now,
        expires_at=now + KEPT,
    )
    job = await store.add(gateway.pool, new)
    if job.request_digest != new.request_digest:
        raise reused()
    return job, job is not new


def reused() -> InvalidError:
    return InvalidError(
        "This Idempotency-Key was used for another request.", code="idempotency_key_reused"
    )


async def gather(
    gateway: Gateway, principal: Principal, job: Job, holder: str
) -> Job | JobStopped | None:
    """The job with one more page of ids; why it cannot go on; None when it is no longer ours."""
    if job.place == AT_END:
        return replace(job, parts=job.part)
    if job.rows_done >= MOST_ROWS:
        return JobStopped.TOO_MANY
    box, params = box_of(gateway, job), dict(asked_of(gateway, job)["filters"])
    if job.place is not None:
        params["after"] = orjson.dumps(box.open("place", job.place)).decode()
    read = gateway.upstream.by(Channel.UNSEEN)
    page = await read.get(REPORTING, RECORDS, params | {"page_size": str(PAGE_SIZE)}, principal)
    ids, after = [view["id"] for view in page["items"]], page.get("next")
    place = AT_END if after is None else box.seal("place", after)
    part = (len(ids), box.seal(part_named(job.part), ids))
    if not await turns.found(gateway.pool, job, holder, part, place):
        return None
    return replace(job, part=job.part + 1, place=place, rows_done=job.rows_done + len(ids))


def part_named(number: int) -> str:
    """What the content of a part is bound to."""
    return f"part {number}"

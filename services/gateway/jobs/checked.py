"""A file that was only checked, written after all: by a job of its own, from the rows that are kept.

It goes the way of any import from there: every rule is run again, under the rights its caller has then.
"""

from services.gateway.jobs import store, uploading
from services.gateway.jobs.exporting import part_named, reused
from services.gateway.jobs.formats import FileFormat
from services.gateway.jobs.job import ASKED, Job, JobState, JobWork, asked_of, box_of, digest_of
from services.gateway.jobs.receiving import Sending, new_import
from services.gateway.partner_api.kinds import KINDS
from services.gateway.wiring import Gateway
from shared.clock import utc_now
from shared.errors import RejectedError
from shared.ids import new_bytes
from shared.principal import Principal


async def write_checked(
    gateway: Gateway, principal: Principal, key: str, checked: Job
) -> tuple[Job, bool]:
    """The job, and whether it was there before. Raises RejectedError for what was not checked whole."""
    asked = asked_of(gateway, checked)
    if checked.work is not JobWork.IMPORT or not asked["validate_only"]:
        raise RejectedError(
            "Only an import that was merely checked is written so.", code="no_check"
        )
    if checked.state is not JobState.DONE:
        raise RejectedError("The job is not done.", code="not_done")
    written = asked | {"validate_only": False}
    api = next(api for api in KINDS if api.plural == checked.plural)
    sending = Sending(api, FileFormat(asked["format"]), asked["system"], validate_only=False)
    job = await store.add(gateway.pool, new_import(gateway, principal, key, sending))
    digest = digest_of(gateway, [written, checked.job_id])
    if job.state is not JobState.RECEIVING:
        if job.request_digest != digest:
            raise reused()
        return job, True
    upload = new_bytes(8).hex()
    await uploading.begin(gateway.pool, job.job_id, upload, utc_now())
    try:
        parts = await _copied(gateway, checked, job, upload)
        counted = (parts, checked.rows_total or 0)
        told = (box_of(gateway, job).seal(ASKED, written), digest)
        await uploading.end(gateway.pool, job.job_id, upload, counted, told)
    except BaseException:
        await uploading.abandon(gateway.pool, job.job_id, upload)
        raise
    found = await store.job(gateway.pool, job.job_id, principal.client, utc_now())
    return found or job, False


async def _copied(gateway: Gateway, checked: Job, job: Job, upload: str) -> int:
    """How many parts, each sealed anew under the new job's key. Raises RejectedError for less than all."""
    old, new, number = box_of(gateway, checked), box_of(gateway, job), 0
    while found := await store.parts(gateway.pool, checked.job_id, number, 1):
        content = old.open(part_named(number), found[0][1])
        await uploading.put(
            gateway.pool, job.job_id, upload, number, new.seal(part_named(number), content)
        )
        number += 1
    if number != checked.parts:
        raise RejectedError("What was checked is no longer kept.", code="not_kept")
    return number

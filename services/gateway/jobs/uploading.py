"""Uploads in the gateway's tables: under one key the latest counts, and an earlier one is told."""

from datetime import datetime

from shared.database import Pool, asking
from shared.errors import ConflictError

_BEGIN = """update jobs set upload = $2, asked_at = $3 where job_id = $1 and state = 'receiving'"""
_NO_PARTS = "delete from job_parts where job_id = $1"
_PUT = """insert into job_parts (job_id, number, content)
    select job_id, $3, $4 from jobs where job_id = $1 and upload = $2 and state = 'receiving' for update"""
_END = """update jobs set state = 'waiting', upload = null, parts = $3, rows_total = $4, asked = $5,
        request_digest = $6
    where job_id = $1 and upload = $2 and state = 'receiving'"""
_ABANDON = "delete from jobs where job_id = $1 and upload = $2 and state = 'receiving'"


async def begin(pool: Pool, job_id: str, upload: str, now: datetime) -> None:
    """What came of an earlier upload is gone."""
    async with asking(pool) as connection, connection.transaction():
        _counts(await connection.execute(_BEGIN, job_id, upload, now))
        await connection.execute(_NO_PARTS, job_id)


async def put(pool: Pool, job_id: str, upload: str, number: int, content: bytes) -> None:
    async with asking(pool) as connection:
        _counts(await connection.execute(_PUT, job_id, upload, number, content))


async def end(
    pool: Pool, job_id: str, upload: str, counted: tuple[int, int], told: tuple[bytes, str]
) -> None:
    """`counted`: parts and rows; `told`: what was asked, sealed, and the digest of all of it."""
    async with asking(pool) as connection:
        _counts(await connection.execute(_END, job_id, upload, *counted, *told))


async def abandon(pool: Pool, job_id: str, upload: str) -> None:
    """Nothing of it stays, unless another upload has begun meanwhile."""
    async with asking(pool) as connection:
        await connection.execute(_ABANDON, job_id, upload)


def _counts(done: str) -> None:
    if not done.endswith(" 1"):
        raise ConflictError(
            "Another upload with this Idempotency-Key came first, or it was cancelled.",
            code="upload_superseded",
        )

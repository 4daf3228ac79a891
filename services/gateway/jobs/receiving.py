"""A file to import, taken in as it comes: cut into rows, sealed part by part, never whole in memory.

The same request made again goes on where it can: what was half received is received anew, what was whole is
answered as before.
"""

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

from services.gateway.jobs import store, uploading
from services.gateway.jobs.exporting import part_named, reused
from services.gateway.jobs.formats import FileFormat
from services.gateway.jobs.job import (
    ASKED,
    KEPT,
    Box,
    Job,
    JobState,
    JobWork,
    box_of,
    digest_of,
    id_of,
    new_box,
)
from services.gateway.jobs.rows import Head
from services.gateway.jobs.splitting import Record, Splitter
from services.gateway.jobs.tables import head_of, understood
from services.gateway.partner_api.kinds import KindApi
from services.gateway.wiring import Gateway
from shared.clock import utc_now
from shared.errors import InvalidError
from shared.ids import new_bytes
from shared.importing.tables import TAG_ROW_WITHIN
from shared.principal import Principal

PART_ROWS, PART_BYTES = 200, 256 * 1024
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Sending:
    """What a file is said to be. `system`: whose the ids of its rows are."""

    api: KindApi
    format: FileFormat
    system: str | None
    validate_only: bool

    @property
    def asked(self) -> Json:
        return {"format": self.format, "system": self.system, "validate_only": self.validate_only}


async def receive(
    gateway: Gateway, principal: Principal, key: str, sending: Sending, chunks: AsyncIterator[bytes]
) -> tuple[Job, bool]:
    """The job, and whether it was there before. Raises AppError for what is no file of rows."""
    job = await store.add(gateway.pool, new_import(gateway, principal, key, sending))
    if job.state is not JobState.RECEIVING:
        digest = hashlib.sha256()
        async for chunk in chunks:
            digest.update(chunk)
        if job.request_digest != _digest(gateway, sending, digest.hexdigest()):
            raise reused()
        return job, True
    upload = new_bytes(8).hex()
    await uploading.begin(gateway.pool, job.job_id, upload, utc_now())
    intake = Intake(gateway, job, upload, sending, box_of(gateway, job))
    try:
        await intake.take_all(chunks)
    except BaseException:
        await uploading.abandon(gateway.pool, job.job_id, upload)
        raise
    found = await store.job(gateway.pool, job.job_id, principal.client, utc_now())
    return found or job, False


@dataclass(slots=True)
class Intake:
    """One upload of one job."""

    gateway: Gateway
    job: Job
    upload: str
    sending: Sending
    box: Box
    head: Head | None = None
    unused: list[str] = field(default_factory=list)
    columns: list[tuple[str, str]] = field(default_factory=list)
    above: list[tuple[int, str]] = field(default_factory=list)
    rows: list[tuple[int, int, str | None]] = field(default_factory=list)
    held_bytes: int = 0
    total: int = 0
    parts: int = 0

    async def take_all(self, chunks: AsyncIterator[bytes]) -> None:
        """Raises AppError; then nothing is kept."""
        splitter, digest = Splitter(self._is_table), hashlib.sha256()
        async for chunk in chunks:
            digest.update(chunk)
            await self._take(splitter.feed(chunk))
        await self._take(splitter.end())
        await self._understand()
        await self._put()
        if not self.total:
            raise InvalidError("The file holds no rows.", code="no_rows")
        asked = self.box.seal(ASKED, self.sending.asked | self._understood)
        digested = _digest(self.gateway, self.sending, digest.hexdigest())
        counted = (self.parts, self.total)
        await uploading.end(
            self.gateway.pool, self.job.job_id, self.upload, counted, (asked, digested)
        )

    @property
    def _understood(self) -> Json:
        return {"unused": self.unused, "columns": self.columns}

    @property
    def _is_table(self) -> bool:
        return self.sending.format is FileFormat.CSV

    async def _take(self, records: Iterable[Record]) -> None:
        for line, raw in records:
            text = _decoded(raw)
            if not self._is_table or self.head is not None:
                await self._row(line, text)
                continue
            if text is None:
                raise InvalidError("The head of the table is not UTF-8.", code="not_utf8")
            self.above.append((line, text))
            if len(self.above) == TAG_ROW_WITHIN:
                await self._understand()

    async def _understand(self) -> None:
        """The head of a table, once enough of it is there; what stands below it are rows."""
        if not self._is_table or self.head is not None:
            return
        delimiter, columns, above = head_of(self.above)
        table = understood(self.sending.api, columns)
        if table.id_column is not None and self.sending.system is None:
            detail = "The rows have ids of their own: say ?system=, whose they are."
            raise InvalidError(detail, code="system_required")
        self.head = Head(delimiter, columns)
        self.unused, self.columns = table.unused, table.used
        for line, text in self.above[above:]:
            await self._row(line, text)

    async def _row(self, line: int, text: str | None) -> None:
        self.total += 1
        self.rows.append((self.total, line, text))
        self.held_bytes += len(text or "")
        if len(self.rows) == PART_ROWS or self.held_bytes > PART_BYTES:
            await self._put()

    async def _put(self) -> None:
        if not self.rows:
            return
        head = self.head.to_json() if self.head else None
        content = self.box.seal(part_named(self.parts), {"head": head, "rows": self.rows})
        await uploading.put(self.gateway.pool, self.job.job_id, self.upload, self.parts, content)
        self.rows, self.held_bytes, self.parts = [], 0, self.parts + 1


def new_import(gateway: Gateway, principal: Principal, key: str, sending: Sending) -> Job:
    now, plural = utc_now(), sending.api.plural
    job_id = id_of(gateway, principal.client, f"{plural}/import", key)
    box, secret = new_box(gateway, job_id)
    return Job(
        job_id=job_id,
        client=principal.client,
        organisation_id=str(principal.organisation),
        work=JobWork.IMPORT,
        plural=plural,
        secret=secret,
        asked=box.seal(ASKED, sending.asked),
        request_digest="",
        asked_at=now,
        expires_at=now + KEPT,
        state=JobState.RECEIVING,
    )


def _digest(gateway: Gateway, sending: Sending, content: str) -> str:
    return digest_of(gateway, [sending.asked, content])


def _decoded(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None

"""One batch of appends as the arrays that append_batch() takes, and its verdicts."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from asyncpg import Record
from asyncpg.pool import PoolConnectionProxy

from shared.eventstore.model import Append, Appended, payload_digest

APPEND = """
select number, verdict, epoch, position, version, recorded_at from append_batch(
    $1::text[], $2::integer[], $3::integer[], $4::bytea[], $5::bytea[], $6::text[], $7::text[],
    $8::timestamptz[], $9::integer[], $10::uuid[], $11::text[], $12::bytea[], $13::bytea[],
    $14::timestamptz[], $15::bytea[])
"""


_NUMBER = itemgetter("number")


class Prepared:
    """An append with its digests already made, so that no hashing happens under the lock."""

    __slots__ = ("append", "digests", "size_bytes")

    def __init__(self, append: Append) -> None:
        self.append = append
        first = append.expected_version + 1
        self.digests = [
            payload_digest(event, append.stream_id, first + offset)
            for offset, event in enumerate(append.events)
        ]
        self.size_bytes = sum(len(event.data) + len(event.meta) for event in append.events)


async def send(
    connection: "PoolConnectionProxy[Record]", batch: Sequence[Prepared], timeout_seconds: float
) -> list[tuple[str, Appended]]:
    """Append `batch` in one round trip and one transaction; a verdict for each, in order."""
    rows = await connection.fetch(APPEND, *_arrays(batch), timeout=timeout_seconds)
    rows.sort(key=_NUMBER)
    return [(verdict, Appended(*place)) for _, verdict, *place in rows]


def _arrays(batch: Sequence[Prepared]) -> list[list[Any]]:  # Any: one column each
    appends = [prepared.append for prepared in batch]
    marks = [append.command for append in appends]
    events = [
        (number, event, digest)
        for number, prepared in enumerate(batch, start=1)
        for event, digest in zip(prepared.append.events, prepared.digests, strict=True)
    ]
    return [
        [append.stream_id for append in appends],
        [append.expected_version for append in appends],
        [len(append.events) for append in appends],
        [mark and mark.command_id for mark in marks],
        [mark and mark.request_digest for mark in marks],
        [mark and mark.record_id for mark in marks],
        [mark and mark.outcome for mark in marks],
        [append.recorded_at for append in appends],
        [number for number, _, _ in events],
        [event.event_id for _, event, _ in events],
        [event.type for _, event, _ in events],
        [event.data for _, event, _ in events],
        [event.meta for _, event, _ in events],
        [event.occurred_at for _, event, _ in events],
        [digest for _, _, digest in events],
    ]

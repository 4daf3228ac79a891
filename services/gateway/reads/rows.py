"""Rows of the read log, from the events that noted them. What was written once stays."""

from collections.abc import Iterator, Sequence

import orjson

from shared.contracts.reads import NotedRead, ReadsNoted
from shared.database import Pooled
from shared.sealing import Opened

READS_NOTED = "reads.noted.v1"
_PUT = """insert into read_log (position, number, read_at, record_id, owner_id, account_id,
        organisation_id, client, way, portions, emergency_id, viewing_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12)
    on conflict (position, number) do nothing"""


async def put_reads(connection: Pooled, opened: Sequence[Opened]) -> None:
    rows = [row for one in opened for row in _rows(one)]
    if rows:
        await connection.executemany(_PUT, rows)


def _rows(opened: Opened) -> Iterator[tuple[object, ...]]:
    event = opened.event
    if not isinstance(event, ReadsNoted):
        raise TypeError("an event of reads that this release does not know")
    for number, read in enumerate(event.reads):
        yield (opened.recorded.position, number, *_told(event, read))


def _told(event: ReadsNoted, read: NotedRead) -> tuple[object, ...]:
    portions = {group.value: event.labels[place] for group, place in read.portions.items()}
    return (
        read.at,
        str(read.record),
        str(read.owner),
        read.by,
        str(read.organisation),
        read.client,
        read.way.value,
        orjson.dumps(portions).decode(),
        str(read.under) if read.under else None,
        str(read.viewing) if read.viewing else None,
    )

"""What the database does about epochs: adopting a lost tail, opening the next, knowing where it lives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database import Pool, Pooled, asking
from shared.epoch_events import EPOCH_OPENED, META, Opening, opening_in
from shared.event_meta import command_in
from shared.eventstore.model import Head, NewEvent, Recorded, payload_digest
from shared.eventstore.partitions import PREPARE

EPOCH_SECONDS = 30.0

_WHERE = """
select current_cluster() as cluster, pg_postmaster_start_time()::text as started,
       (select cluster from lineage) as known
"""
_ADOPT = """
select adopt_events($1, $2, $3::bigint[], $4::integer[], $5::uuid[], $6::text[], $7::integer[], $8::text[],
    $9::bytea[], $10::bytea[], $11::timestamptz[], $12::timestamptz[], $13::bytea[], $14::bytea[],
    $15::bytea[], $16::integer[], $17::bigint[], $18::bigint[], $19::bigint[],
    $20::bytea[], $21::bytea[], $22::text[], $23::text[], $24::integer[])
"""
_OPEN = "select open_epoch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"


@dataclass(frozen=True, slots=True)
class Server:
    """Who answers: `cluster` is another after a restore or a promotion, `started` after any restart."""

    cluster: str
    started: str
    known: str | None

    @property
    def moved(self) -> bool:
        """Whether the store lives elsewhere than it did when it was last seen."""
        return self.known is not None and self.known != self.cluster


class EpochBook:
    """`pool`: of the application's role."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def server(self) -> Server:
        async with asking(self._pool) as connection:
            row = await connection.fetchrow(_WHERE, timeout=EPOCH_SECONDS)
        if row is None:
            raise LookupError("a select without tables gives a row")
        return Server(row["cluster"], row["started"], row["known"])

    async def remember(self) -> None:
        """From now on the store lives where it is."""
        async with asking(self._pool) as connection:
            await connection.execute("select remember_cluster()", timeout=EPOCH_SECONDS)

    async def adopt(self, head: Head, events: Sequence[Recorded]) -> bool:
        """Take `events` back, which chain behind `head`, their commands included. False: it has moved."""
        openings = [found for event in events if (found := opening_in(event))]
        marks = [
            (number, mark)
            for number, event in enumerate(events, start=1)
            if (mark := command_in(event.meta))
        ]
        async with asking(self._pool) as connection:
            await _make_room(connection, events[-1].position if events else head.position)
            done = await connection.fetchval(
                _ADOPT,
                head.position,
                head.hash,
                *_columns(events),
                [one.epoch for one in openings],
                [one.begins_after for one in openings],
                [(one.voided or (None, None))[0] for one in openings],
                [(one.voided or (None, None))[1] for one in openings],
                [mark.command_id for _, mark in marks],
                [mark.request_digest for _, mark in marks],
                [events[number - 1].stream_id for number, _ in marks],
                [mark.outcome for _, mark in marks],
                [number for number, _ in marks],
                timeout=EPOCH_SECONDS,
            )
        return bool(done)

    async def open(self, head: Head, opening: Opening, event_id: UUID, at: datetime) -> bool:
        """Open the epoch behind `head`. False when another process was first."""
        event = NewEvent(event_id, EPOCH_OPENED, opening.to_bytes(), META, at)
        first, last = opening.voided or (None, None)
        async with asking(self._pool) as connection:
            await _make_room(connection, opening.begins_after)
            done = await connection.fetchval(
                _OPEN,
                *(head.position, head.hash, opening.epoch, opening.begins_after, first, last),
                *(event_id, opening.stream_id, event.type, event.data, event.meta, at),
                payload_digest(event, opening.stream_id, 1),
                timeout=EPOCH_SECONDS,
            )
        return bool(done)


async def _make_room(connection: Pooled, reaching: int) -> None:
    """What comes back or opens may lie far beyond the head: its partition must be there."""
    await connection.fetchval(PREPARE, reaching, timeout=EPOCH_SECONDS)


def _columns(events: Sequence[Recorded]) -> list[list[object]]:
    bare = [NewEvent(one.event_id, one.type, one.data, one.meta, one.occurred_at) for one in events]
    digests = [
        payload_digest(event, one.stream_id, one.version)
        for event, one in zip(bare, events, strict=True)
    ]
    return [
        [one.position for one in events],
        [one.epoch for one in events],
        [one.event_id for one in events],
        [one.stream_id for one in events],
        [one.version for one in events],
        [one.type for one in events],
        [one.data for one in events],
        [one.meta for one in events],
        [one.occurred_at for one in events],
        [one.recorded_at for one in events],
        list(digests),
        [one.prev_hash for one in events],
        [one.hash for one in events],
    ]

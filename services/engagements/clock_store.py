"""The clock's tables: what it watches, how far it has read, and the lease that lets one process work."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.engagements.clock_watch import WATCHED, Watched, watched_after
from shared.database import STATEMENT_SECONDS
from shared.deciding import Pool
from shared.eventstore.model import Recorded
from shared.ids import RecordId

LEASE_SECONDS = 5

_LEASE = """
update clock_lease set holder = $1, held_until = clock_timestamp() + make_interval(secs => $2)
 where holder = $1 or held_until < clock_timestamp()
"""
_RELEASE = "update clock_lease set held_until = '-infinity' where holder = $1"
_CHECKPOINT = "select position from clock_checkpoint"
_MOVE = "update clock_checkpoint set position = $2 where position = $1"
_COLUMNS = "id, owner, due_at, since, open, raised"
_LOAD = f"select {_COLUMNS} from clock_commitments where id = any($1::text[])"  # noqa: S608 - a constant
_DUE = f"""
select {_COLUMNS} from clock_commitments
 where open and not raised and due_at <= $1 order by due_at, id limit $2
"""  # noqa: S608 - the columns are a constant
_PUT = """
insert into clock_commitments (id, owner, due_at, since, open, raised)
values ($1, $2, $3, $4, $5, $6)
    on conflict (id) do update set due_at = excluded.due_at, since = excluded.since,
       open = excluded.open, raised = excluded.raised
"""


class ClockStore:
    """Any number of processes may use it at once; the lease says who should."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def lease(self, holder: str) -> bool:
        """Take or keep the lease for LEASE_SECONDS; False while another process holds it."""
        done = await self._pool.execute(
            _LEASE, holder, float(LEASE_SECONDS), timeout=STATEMENT_SECONDS
        )
        return done == "UPDATE 1"

    async def release(self, holder: str) -> None:
        """Let another process begin at once."""
        await self._pool.execute(_RELEASE, holder, timeout=STATEMENT_SECONDS)

    async def checkpoint(self) -> int:
        position: int = await self._pool.fetchval(_CHECKPOINT, timeout=STATEMENT_SECONDS)
        return position

    async def take(self, after: int, events: Sequence[Recorded]) -> None:
        """These events, which follow position `after`, and the checkpoint, in one transaction.

        Nothing happens when another process took them first.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.execute(_MOVE, after, events[-1].position) != "UPDATE 1":
                return
            telling = [event for event in events if event.type in WATCHED]
            rows = await connection.fetch(_LOAD, [event.stream_id for event in telling])
            known = {row["id"]: _watched(row) for row in rows}
            await connection.executemany(_PUT, [_row(one) for one in _after(known, telling)])

    async def due(self, now: datetime, limit: int) -> list[Watched]:
        """What is open, due by `now` and has not fallen overdue yet, longest due first."""
        rows = await self._pool.fetch(_DUE, now, limit, timeout=STATEMENT_SECONDS)
        return [_watched(row) for row in rows]


def _after(known: dict[str, Watched], events: Sequence[Recorded]) -> list[Watched]:
    for event in events:
        changed = watched_after(known.get(event.stream_id), event)
        if changed is not None:
            known[event.stream_id] = changed
    return list(known.values())


def _watched(row: asyncpg.Record) -> Watched:
    return Watched(
        id=RecordId.parse(row["id"]),
        owner=RecordId.parse(row["owner"]),
        due_at=row["due_at"],
        since=row["since"],
        open=row["open"],
        raised=row["raised"],
    )


def _row(one: Watched) -> tuple[object, ...]:
    return str(one.id), str(one.owner), one.due_at, one.since, one.open, one.raised

"""The event store of one service: append, load, read on, look a command up."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import asyncpg

from shared.database import STATEMENT_SECONDS, Pool, asking, is_passing, open_pool, unanswered
from shared.errors import BusyError
from shared.eventstore.appender import Appender, Verdict
from shared.eventstore.batch import Prepared, send
from shared.eventstore.chain import COLUMNS, Row
from shared.eventstore.errors import CommandAlreadyApplied, VersionConflict
from shared.eventstore.held import HeldConnections
from shared.eventstore.loose_ends import LOOSE_ENDS
from shared.eventstore.model import NO_HASH, Append, Appended, FoundCommand, Head, Recorded
from shared.eventstore.partitions import make_room
from shared.eventstore.tails import KEEP, LOAD_TAIL, Snapshot, Tail, tail_of

APPEND_SECONDS = 10.0
VERIFY_SECONDS = 600.0

# What `Recorded` holds: moments and ids as they are sent, for nothing here looks into them.
_COLUMNS = (
    "position, epoch, uuid_send(event_id), stream_id, version, type, data, meta, "
    "timestamptz_send(occurred_at), timestamptz_send(recorded_at), prev_hash, hash"
)
_ROW = (
    "position, epoch, event_id, stream_id, version, type, data, meta, "
    "occurred_at, recorded_at, prev_hash, hash, payload_digest"
)
# S608: the columns are a constant, no value is ever put into the text.
LOAD = f"select {_COLUMNS} from events where stream_id = $1 order by version"  # noqa: S608
LOAD_MANY = (
    f"select {_COLUMNS} from events where stream_id = any($1::text[]) "  # noqa: S608
    "order by stream_id, version"
)
READ_ALL = f"select {_COLUMNS} from events where position > $1 order by position limit $2"  # noqa: S608
READ_ROWS = f"select {_ROW} from events where position > $1 order by position limit $2"  # noqa: S608
READ_LINKS = f"select {COLUMNS} from events where position > $1 order by position limit $2"  # noqa: S608
FIND_COMMAND = """
select request_digest, record_id, outcome, epoch, position, version
  from commands where command_id = $1
"""
HEAD = """
select coalesce(e.epoch, o.epoch) as epoch, coalesce(e.position, o.begins_after) as position, e.hash
  from (select epoch, begins_after from epochs order by epoch desc limit 1) o
  left join (select epoch, position, hash from events order by position desc limit 1) e on true
"""
EPOCH_STARTS = "select epoch, begins_after from epochs"


class EventStore:
    """Build with `open_store`. Any number of processes may append to one store."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._held = HeldConnections(pool, APPEND_SECONDS)
        self._appender = Appender(self._send)
        self.appended = asyncio.Event()

    async def append(self, append: Append) -> Appended:
        """Append all of `append.events` or none.

        Raises VersionConflict when the stream has moved on, CommandAlreadyApplied, QueueFullError
        or BusyError (the outcome could not be learnt: the caller's retry, by its command id, will).
        """
        try:
            verdict, appended = await self._appender.append(append)
        except Exception as error:
            if not is_passing(error):
                raise
            return await self._learn_outcome(append, error)
        return await self._answer(append, verdict, appended)

    async def load(self, stream_id: str) -> list[Recorded]:
        """All events of one stream in order; empty when there is no such stream."""
        return await self._read(LOAD, stream_id)

    async def load_tail(self, stream_id: str, fold: bytes) -> Tail:
        """The snapshot made by `fold`, if any, and the events from its own on, or else all. One query."""
        async with asking(self._pool) as connection:
            values = (stream_id, fold)
            return tail_of(await connection.fetch(LOAD_TAIL, *values, timeout=STATEMENT_SECONDS))

    async def keep(self, made: Snapshot) -> None:
        """In place of the one before."""
        at = made.at
        values = (at.stream_id, made.fold, at.version, at.position, made.subjects, made.body)
        async with asking(self._pool) as connection:
            await connection.execute(KEEP, *values, timeout=STATEMENT_SECONDS)

    async def load_many(self, stream_ids: Sequence[str]) -> list[Recorded]:
        """All events of these streams, stream by stream, each in order. One query."""
        return await self._read(LOAD_MANY, list(stream_ids))

    async def read_all(self, after: int, limit: int) -> list[Recorded]:
        """Up to `limit` events at positions above `after`, in order, without gaps."""
        return await self._read(READ_ALL, after, limit)

    async def read_rows(self, after: int, limit: int) -> list[Row]:
        """The same column by column as they are stored, moments and ids read, and the payload's digest."""
        return await self._rows(READ_ROWS, after, limit)

    async def read_links(self, after: int, limit: int) -> list[Row]:
        """The same as they are chained, columns as chain.py names them."""
        return await self._rows(READ_LINKS, after, limit)

    async def find_command(self, command_id: bytes) -> FoundCommand | None:
        async with asking(self._pool) as connection:
            row = await connection.fetchrow(FIND_COMMAND, command_id, timeout=STATEMENT_SECONDS)
        return FoundCommand(**row) if row else None

    async def head(self) -> Head:
        async with asking(self._pool) as connection:
            row = await connection.fetchrow(HEAD, timeout=STATEMENT_SECONDS)
        if row is None:
            raise LookupError("epochs is never empty")
        return Head(row["epoch"], row["position"], row["hash"] or NO_HASH)

    async def epoch_starts(self) -> dict[int, int]:
        """For each epoch the position after which it begins."""
        async with asking(self._pool) as connection:
            rows = await connection.fetch(EPOCH_STARTS, timeout=STATEMENT_SECONDS)
        return {row["epoch"]: row["begins_after"] for row in rows}

    async def loose_ends(self) -> list[tuple[str, int, str]]:
        """Where other tables disagree with the events: invariant, position or 0, words."""
        async with asking(self._pool) as connection:
            rows = await connection.fetch(LOOSE_ENDS, timeout=VERIFY_SECONDS)
        return [(row["invariant"], row["position"], row["what"]) for row in rows]

    async def close(self) -> None:
        await self._appender.close()
        await self._held.close()

    async def _read(self, query: str, *values: object) -> list[Recorded]:
        return [Recorded._make(row) for row in await self._rows(query, *values)]

    async def _rows(self, query: str, *values: object) -> list[Row]:
        async with asking(self._pool) as connection:
            return list(await connection.fetch(query, *values, timeout=STATEMENT_SECONDS))

    async def _send(self, batch: Sequence[Prepared]) -> list[Verdict]:
        async with self._held.one() as connection:
            self._check_may_append()
            try:
                verdicts = await send(connection, batch, APPEND_SECONDS)
            except asyncpg.CheckViolationError as refused:
                await make_room(connection, refused)
                verdicts = await send(connection, batch, APPEND_SECONDS)
        self.appended.set()
        return verdicts

    def _check_may_append(self) -> None:
        """Asked when a connection is at hand. Raises what passes by itself when it must not be."""

    async def _answer(self, append: Append, verdict: str, appended: Appended) -> Appended:
        if verdict == "appended":
            return appended
        if verdict == "conflict" or append.command is None:
            raise VersionConflict
        found = await self.find_command(append.command.command_id)
        if found is None:
            raise VersionConflict
        raise CommandAlreadyApplied(found)

    async def _learn_outcome(self, append: Append, lost: Exception) -> Appended:
        """The connection broke around COMMIT: whether it was applied is written in the database."""
        if append.command is not None:
            with suppress(BusyError):
                found = await self.find_command(append.command.command_id)
                if found is not None:
                    raise CommandAlreadyApplied(found) from lost
        raise unanswered() from lost


@asynccontextmanager
async def open_store(url: str, *, connections: int = 8) -> AsyncIterator[EventStore]:
    """The store behind `url` (the application's role)."""
    async with open_pool(url, connections=connections, cleaned=False) as pool:
        store = EventStore(pool)
        try:
            yield store
        finally:
            await store.close()

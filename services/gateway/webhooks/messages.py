"""What a webhook is to be told, in order, and how it went: the queue and the log are one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from shared.database import Pool, asking

KEPT_DAYS = 14
ATTEMPTS_KEPT = 20
REPLAY_LIMIT = 10_000
_COLUMNS = "message_id, number, type, change, state, attempts, queued_at, settled_at"
_ADD = """insert into webhook_messages (webhook_id, message_id, type, change, state, queued_at)
    select $1, each.message_id, each.type, each.change, 'waiting', $5
    from unnest($2::text[], $3::text[], $4::jsonb[]) with ordinality
        as each(message_id, type, change, place) order by each.place
    on conflict (webhook_id, message_id) do nothing"""
_REACHED = "update webhooks set cursor = $2 where webhook_id = $1"
_NEXT = f"""select {_COLUMNS} from webhook_messages
    where webhook_id = $1 and state = 'waiting' order by number limit 1"""  # noqa: S608 - constants only
_SETTLE = """update webhook_messages set state = $3, attempts = $4::jsonb, settled_at = $5
    where webhook_id = $1 and message_id = $2 and state = 'waiting'"""
_WELL = """update webhooks set failing_since = null, failures = 0, next_at = null
    where webhook_id = $1 and failing_since is not null"""
_TRIED = (
    """update webhook_messages set attempts = $3::jsonb where webhook_id = $1 and message_id = $2"""
)
_FAILING = """update webhooks set failing_since = $2, failures = $3, next_at = $4
    where webhook_id = $1"""
_PAGE = f"""select {_COLUMNS} from webhook_messages
    where webhook_id = $1 and number < $2 and ($3::text is null or state = $3)
    order by number desc limit $4"""  # noqa: S608 - constants only
_REPLAY = """update webhook_messages set state = 'waiting'
    where webhook_id = $1 and state <> 'waiting' and number in (
        select number from webhook_messages where webhook_id = $1
        and ($2::text[] is null or message_id = any($2::text[]))
        and ($3::timestamptz is null or queued_at >= $3) and ($4::timestamptz is null or queued_at < $4)
        order by number limit $5)"""
_SWEEP = "delete from webhook_messages where state <> 'waiting' and settled_at < $1"


class Settled(StrEnum):
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class New:
    """A message to be sent. `change`: as the feed told it; None for a ping or a reset."""

    message_id: str
    type: str
    change: Json | None


@dataclass(frozen=True, slots=True)
class Message:
    message_id: str
    number: int
    type: str
    change: Json | None
    state: str
    attempts: list[Json]
    queued_at: datetime
    settled_at: datetime | None


async def add(
    pool: Pool, webhook_id: str, new: Sequence[New], now: datetime, cursor: str | None = None
) -> None:
    """All of `new` and the place they reach to, together; one that is there already stays as it is."""
    changes = [None if one.change is None else orjson.dumps(one.change).decode() for one in new]
    ids, types = [one.message_id for one in new], [one.type for one in new]
    async with asking(pool) as connection, connection.transaction():
        await connection.execute(_ADD, webhook_id, ids, types, changes, now)
        if cursor is not None:
            await connection.execute(_REACHED, webhook_id, cursor)


async def next_waiting(pool: Pool, webhook_id: str) -> Message | None:
    """The first that has not been accepted yet: none is sent before the one ahead of it."""
    async with asking(pool) as connection:
        row = await connection.fetchrow(_NEXT, webhook_id)
    return None if row is None else _message(dict(row))


async def settle(
    pool: Pool, webhook_id: str, message: Message, state: Settled, now: datetime
) -> None:
    """It was accepted, or may no longer be told. `message` holds its latest attempt already."""
    async with asking(pool) as connection, connection.transaction():
        attempts = _attempts(message)
        await connection.execute(_SETTLE, webhook_id, message.message_id, state, attempts, now)
        if state is Settled.DELIVERED:
            await connection.execute(_WELL, webhook_id)


async def failed(
    pool: Pool, webhook_id: str, message: Message, since: datetime, failures: int, next_at: datetime
) -> None:  # fmt: skip
    async with asking(pool) as connection, connection.transaction():
        await connection.execute(_TRIED, webhook_id, message.message_id, _attempts(message))
        await connection.execute(_FAILING, webhook_id, since, failures, next_at)


async def note_attempts(pool: Pool, webhook_id: str, message: Message) -> None:
    async with asking(pool) as connection:
        await connection.execute(_TRIED, webhook_id, message.message_id, _attempts(message))


async def page(
    pool: Pool, webhook_id: str, *, before: int, state: str | None, limit: int
) -> list[Message]:
    """The latest first."""
    async with asking(pool) as connection:
        rows = await connection.fetch(_PAGE, webhook_id, before, state, limit)
    return [_message(dict(row)) for row in rows]


async def replay(
    pool: Pool,
    webhook_id: str,
    message_ids: Sequence[str] | None,
    since: datetime | None,
    until: datetime | None,
) -> int:
    """How many of those named, or queued from `since` to before `until`, are to be sent again."""
    ids = None if message_ids is None else list(message_ids)
    async with asking(pool) as connection:
        done = await connection.execute(_REPLAY, webhook_id, ids, since, until, REPLAY_LIMIT)
    return int(str(done).rpartition(" ")[2])


async def sweep(pool: Pool, before: datetime) -> None:
    """Forget what was settled before then."""
    async with asking(pool) as connection:
        await connection.execute(_SWEEP, before)


def _attempts(message: Message) -> str:
    return orjson.dumps(message.attempts[-ATTEMPTS_KEPT:]).decode()


def _message(row: Json) -> Message:
    change = None if row["change"] is None else orjson.loads(row["change"])
    return Message(**(row | {"change": change, "attempts": orjson.loads(row["attempts"])}))

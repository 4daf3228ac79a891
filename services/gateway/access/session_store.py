"""Sessions of people signed in with a browser. Only a digest of the cookie's value is kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.gateway.access.accounts import Pool
from shared.clock import utc_now
from shared.ids import new_bytes

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
COOKIE_BYTES = 32

_OPEN = """insert into sessions
        (session_digest, account_id, signed_in_at, last_seen_at, ends_at, proved_at)
    values ($1, $2, $3, $3, $4, $5)"""
_FIND = """select s.account_id, signed_in_at, last_seen_at, ends_at, proved_at,
        record_id, audience, until
    from sessions s left join viewings v on v.record_id = s.viewing_id and v.account_id = s.account_id
        and v.left_at is null and v.until > $2
    where session_digest = $1 and ends_at > $2 and last_seen_at > $3"""
_SEEN = "update sessions set last_seen_at = $2 where session_digest = $1"
_CLOSE = "delete from sessions where session_digest = $1"
_OF = """select session_digest, signed_in_at, last_seen_at from sessions where account_id = $1
    and ends_at > $2 and last_seen_at > $3 and signed_in_at >= $4 order by last_seen_at desc"""
_CLOSE_OTHERS = "delete from sessions where account_id = $1 and session_digest <> $2"
_VIEW = "update sessions set viewing_id = $2 where session_digest = $1"
_SWEEP = "delete from sessions where ends_at <= $1 or last_seen_at <= $2"


@dataclass(frozen=True, slots=True)
class Viewing:
    """As whom somebody looks, until when: `audience` is a community, or `org:` and an organisation's id."""

    id: str
    audience: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """`viewing`: what the session is in now; None: its own view."""

    account_id: str
    signed_in_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    proved_at: datetime | None
    viewing: Viewing | None = None


@dataclass(frozen=True, slots=True)
class Lasting:
    """A session that has not ended. `this`: it is the one that asks."""

    signed_in_at: datetime
    last_seen_at: datetime
    this: bool


async def open_session(pool: Pool, account_id: str, proved_at: datetime | None = None) -> str:
    """The new session's cookie value. Sweeps away what has ended. `proved_at`: when the person last proved
    who he is, to a provider that remembered him since; None: just now."""
    now, value = utc_now(), new_bytes(COOKIE_BYTES).hex()
    await pool.execute(_SWEEP, now, now - IDLE)
    await pool.execute(_OPEN, _digest(value), account_id, now, now + ABSOLUTE, proved_at)
    return value


async def find_session(pool: Pool, value: str, *, touch: bool) -> Stored | None:
    """The session, unless it has ended. `touch`: this request counts as use of it."""
    now, digest = utc_now(), _digest(value)
    row = await pool.fetchrow(_FIND, digest, now, now - IDLE)
    if row is None:
        return None
    stored = _stored(row)
    if touch and now - stored.last_seen_at > SEEN_EVERY:
        await pool.execute(_SEEN, digest, now)
    return stored


async def sessions_of(
    pool: Pool, account_id: str, since: datetime | None, value: str
) -> list[Lasting]:
    """The person's, the last used first. `since`: older ones are over; `value`: the cookie that asks."""
    now, this = utc_now(), _digest(value)
    rows = await pool.fetch(_OF, account_id, now, now - IDLE, since or now - ABSOLUTE)
    return [
        Lasting(row["signed_in_at"], row["last_seen_at"], row["session_digest"] == this)
        for row in rows
    ]


async def close_others(pool: Pool, account_id: str, value: str) -> None:
    """Every session of the person but that of the cookie."""
    await pool.execute(_CLOSE_OTHERS, account_id, _digest(value))


async def view_in(pool: Pool, value: str, viewing_id: str) -> None:
    """From now on the session looks as that viewing says, for as long as it goes on."""
    await pool.execute(_VIEW, _digest(value), viewing_id)


async def close_session(pool: Pool, value: str) -> None:
    await pool.execute(_CLOSE, _digest(value))


def _stored(row: asyncpg.Record) -> Stored:
    """Its own view where the viewing is over, was left, or is somebody else's."""
    viewing = Viewing(row["record_id"], row["audience"], row["until"]) if row["record_id"] else None
    times = (row["signed_in_at"], row["last_seen_at"], row["ends_at"], row["proved_at"])
    return Stored(row["account_id"], *times, viewing)


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()

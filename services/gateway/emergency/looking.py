"""Emergency access as the rows tell it: one's own, and all of it for security officers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from shared.database import Pool, asking

_COLUMNS = """e.record_id, e.account_id, e.organisation_id, e.caveats, e.reason, e.opened_at, e.until,
    e.closed_at, e.closed_by, e.finding, e.reviewed_at, e.reviewed_by, e.note, a.display_name,
    (select count(*) from read_log l where l.emergency_id = e.record_id) as reads"""
_FROM = "from emergency_access e left join access_accounts a using (account_id)"
_ONE = f"select {_COLUMNS} {_FROM} where e.record_id = $1"
_LISTED = f"""select {_COLUMNS} {_FROM}
    where ($1::text is null or e.account_id = $1) and (e.opened_at, e.record_id) < ($2, $3)
    order by e.opened_at desc, e.record_id desc limit $4"""


@dataclass(frozen=True, slots=True)
class Opening:
    """`reads`: how many records it let be read so far, each look counted."""

    record_id: str
    account_id: str
    organisation_id: str
    caveats: list[str]
    reason: str
    opened_at: datetime
    until: datetime
    closed_at: datetime | None
    closed_by: str | None
    finding: str | None
    reviewed_at: datetime | None
    reviewed_by: str | None
    note: str | None
    display_name: str | None
    reads: int

    def is_open(self, now: datetime) -> bool:
        return self.closed_at is None and now < self.until


async def opening(pool: Pool, record_id: str) -> Opening | None:
    async with asking(pool) as connection:
        row = await connection.fetchrow(_ONE, record_id)
    return Opening(**row) if row else None


async def openings(
    pool: Pool, account_id: str | None, before: tuple[datetime, str], limit: int
) -> Sequence[Opening]:
    """The latest first; `account_id` None: everybody's."""
    async with asking(pool) as connection:
        rows: list[asyncpg.Record] = await connection.fetch(_LISTED, account_id, *before, limit)
    return [Opening(**row) for row in rows]

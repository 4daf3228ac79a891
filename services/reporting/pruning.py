"""Keeps the log of changes at its promised length, and remembers where it now begins."""

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from shared.clock import utc_now
from shared.database import is_passing

if TYPE_CHECKING:
    import asyncpg

# By when a change came into the log, not by when it was recorded: an exercise records years at once.
KEPT = timedelta(days=14)
LOOK_SECONDS = 3_600.0
DELETE_SECONDS = 300.0

_PRUNE = """
with gone as (delete from changes where written_at < $1 returning source, position)
insert into change_floors as known
select source, max(position) from gone group by source
    on conflict (source) do update set position = greatest(known.position, excluded.position)
"""
_log = logging.getLogger(__name__)


async def keep_pruned(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """For ever, once an hour."""
    while True:
        try:
            await prune(pool)
        except Exception as fault:
            if not is_passing(fault):
                raise
            _log.warning("the log of changes was not cut", extra={"error": type(fault).__name__})
        await asyncio.sleep(LOOK_SECONDS)


async def prune(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """Drop what has been in the log for longer than KEPT."""
    await pool.execute(_PRUNE, utc_now() - KEPT, timeout=DELETE_SECONDS)

"""What holds once: remembered by digest until it is over by itself, for all replicas and through restarts."""

import hashlib
from datetime import datetime, timedelta

from services.gateway.access.accounts import Pool

# Sweeping leaves what another replica's clock, a little behind, would still take.
KEPT_LONGER = timedelta(minutes=5)

_USE = """insert into used_once (digest, until) values ($1, $2)
    on conflict (digest) do nothing returning true"""
_SWEEP = "delete from used_once where until <= $1"


async def used_first(pool: Pool, what: str, name: str, until: datetime, now: datetime) -> bool:
    """Whether `name`, one of the things called `what`, was never used before. From now on it was.

    After `until` (UTC) the caller must not take it any more.
    """
    digest = hashlib.sha256(f"{what}\n{name}".encode("utf-8", "surrogatepass")).digest()
    await pool.execute(_SWEEP, now - KEPT_LONGER)
    return bool(await pool.fetchval(_USE, digest, until))

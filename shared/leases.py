"""Leases: one process works, others stand by and take over. For economy only; fences keep outcomes right."""

from typing import TYPE_CHECKING

from shared.database import STATEMENT_SECONDS
from shared.ids import new_bytes

if TYPE_CHECKING:
    import asyncpg

LEASE_SECONDS = 5.0
RENEW_SECONDS = 1.5

_TAKE = """
insert into leases as held (name, holder, held_until)
values ($1, $2, clock_timestamp() + make_interval(secs => $3))
    on conflict (name) do update set holder = excluded.holder, held_until = excluded.held_until
 where held.holder = excluded.holder or held.held_until < clock_timestamp()
"""
_RELEASE = "update leases set held_until = '-infinity' where name = $1 and holder = $2"


class Lease:
    """The right to do the work `name`, kept in table `leases` of the pool's database."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", name: str) -> None:
        self._pool = pool
        self.name = name
        self.holder = new_bytes(8).hex()

    async def hold(self, seconds: float = LEASE_SECONDS) -> bool:
        """Take or keep it for `seconds` by the database's clock; False while another holds it."""
        done = await self._pool.execute(
            _TAKE, self.name, self.holder, seconds, timeout=STATEMENT_SECONDS
        )
        return done == "INSERT 0 1"

    async def release(self) -> None:
        """Let another process begin at once."""
        await self._pool.execute(_RELEASE, self.name, self.holder, timeout=STATEMENT_SECONDS)

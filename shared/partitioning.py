"""`python -m shared.partitioning`: lays one service's events into partitions while it serves, and ends.

Run with the owner's address (`parley_owner_url` in the settings folder), which no serving process has.
"""

import asyncio
import time
from collections.abc import Callable

import asyncpg

from shared import logs
from shared.eventstore.partitions import BOUND
from shared.migrate import CONNECT_SECONDS, MIGRATION_LOCK
from shared.settings import Address, Code, Settings

# At ten thousand appends a second one lasts for a quarter of an hour; a large mission fills one a month.
SIZE = 10_000_000
# Longer nobody is made to wait behind us; then we step back and come again.
LOCK_TIMEOUT = "250ms"
PAUSE_SECONDS = 0.5
PATIENCE_SECONDS = 600.0
READ_ALL_SECONDS = 12 * 3600.0

_BOUND = """
select (greatest((select max(position) from events), (select max(begins_after) from epochs)) / $1 + 2) * $1
"""
# No row is looked at yet, but every new one is held to it.
_PROMISE = f"""
alter table events drop constraint if exists {BOUND};
alter table events add constraint {BOUND} check (position < {{}}) not valid
"""
# Reads every row, and stops nobody.
_PROVE = f"alter table events validate constraint {BOUND}"
_WITHDRAW = f"alter table events drop constraint if exists {BOUND}"

Tell = Callable[[str], None]


class InTheWayError(Exception):
    """Somebody held the table all the time. Nothing has changed."""


class PartitioningSettings(Settings):
    service: Code
    owner_url: Address
    size: int = SIZE
    log_level: str = "info"


async def partition(owner_url: str, size: int, tell: Tell) -> bool:
    """Whether it was done now; False when it had been before. Writers and readers go on meanwhile.

    Raises InTheWayError.
    """
    owner = await asyncpg.connect(owner_url, timeout=CONNECT_SECONDS)
    try:
        # Not while migrations run, and not twice at once; it goes with the connection.
        await owner.execute(f"select pg_advisory_lock({MIGRATION_LOCK})", timeout=PATIENCE_SECONDS)
        if await owner.fetchval("select exists (select from partitioning)"):
            return False
        await _lay(owner, size, tell)
        return True
    finally:
        await owner.close()


async def _lay(owner: "asyncpg.Connection[asyncpg.Record]", size: int, tell: Tell) -> None:
    bound = await owner.fetchval(_BOUND, size)
    try:
        await _in_a_moment(owner, _PROMISE.format(bound))
        tell(f"reading all events once, to be sure that they lie before {bound}")
        await owner.execute(_PROVE, timeout=READ_ALL_SECONDS)
        await _in_a_moment(owner, f"select begin_partitions({int(size)}, {int(bound)})")
    except BaseException:
        # Left behind it would refuse whatever comes to the bound.
        await _in_a_moment(owner, _WITHDRAW)
        raise
    await owner.execute("select prepare_partitions(0)")
    tell(
        f"the events so far, up to position {bound}, are the first partition; {size} in each from there"
    )


async def _in_a_moment(owner: "asyncpg.Connection[asyncpg.Record]", statements: str) -> None:
    """With the table to ourselves, but never at others' cost: who waits behind us waits a moment."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            async with owner.transaction():
                await owner.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
                await owner.execute("lock table events in access exclusive mode")
                await owner.execute(statements)
        except asyncpg.LockNotAvailableError as taken:
            if time.monotonic() > until:
                raise InTheWayError("the events are being read for long, as by a backup") from taken
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            return


def main() -> None:
    settings = PartitioningSettings()
    logs.configure(f"partition-{settings.service}", settings.log_level)
    asyncio.run(partition(settings.owner_url, settings.size, print))


if __name__ == "__main__":
    main()

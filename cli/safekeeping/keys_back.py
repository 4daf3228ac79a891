"""The key store after a restore: what is here stays, what is missing comes, what was removed does not."""

from collections.abc import Sequence

import asyncpg

from cli.safekeeping.bringing_back import COMING, drop_beside, load_beside
from cli.safekeeping.dumping import within
from cli.safekeeping.manifest import Backup
from deploy.local.databases import CONNECT_SECONDS, Connection, Databases
from deploy.local.layout import Layout
from deploy.local.secrets import DECIDING
from shared.database import STATEMENT_SECONDS, open_pool
from shared.key_ring import KeyRing
from shared.keys import own_keys
from shared.removal_ledger import ledger_of

KEYSTORE = "keystore"
PAGE = 1_000

_COLUMNS = """
select column_name from information_schema.columns
 where table_schema = $1 and table_name = 'keys' order by ordinal_position
"""


async def bring_keys_back(databases: Databases, backup: Backup, layout: Layout) -> int:
    """How many keys came. Those of this installation are newer than any backup, so they stay."""
    await load_beside(databases, KEYSTORE, backup)
    coming = within(databases, KEYSTORE, COMING)
    source = await asyncpg.connect(coming, timeout=CONNECT_SECONDS)
    target = await asyncpg.connect(within(databases, KEYSTORE), timeout=CONNECT_SECONDS)
    try:
        return sum([await _copy(source, target, name, layout) for name in DECIDING])
    finally:
        await source.close()
        await target.close()
        await drop_beside(databases, [KEYSTORE])


async def destroy_removed(databases: Databases, layout: Layout) -> int:
    """Carry out the ledgers, before anything is served. How many removals they name."""
    count = 0
    for service in DECIDING:
        if entries := ledger_of(layout.removed, service).entries():
            wrapping = KeyRing(layout.secrets / f"kek-{service}.key")
            gone = [str(subject) for entry in entries for subject in entry.subjects]
            async with open_pool(databases.url(KEYSTORE, service), connections=2) as pool:
                keys = own_keys(pool, service, wrapping)
                await keys.destroy(gone)
                await keys.scrub(gone)
            count += sum(entry.record is not None for entry in entries)
    return count


async def _copy(source: Connection, target: Connection, service: str, layout: Layout) -> int:
    removed = _removed(layout, service)
    names = [row["column_name"] for row in await source.fetch(_COLUMNS, service)]
    columns = ", ".join(f'"{name}"' for name in names)
    read = f"""
        select {columns} from {service}.keys
         where subject > $1 and not subject = any($2::text[]) order by subject limit {PAGE}
    """  # noqa: S608 - names out of our own schema
    places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    write = f"insert into {service}.keys ({columns}) values ({places}) on conflict do nothing"  # noqa: S608
    before = await _count(target, service)
    after = ""
    while rows := await source.fetch(read, after, removed, timeout=STATEMENT_SECONDS):
        await target.executemany(write, [tuple(row) for row in rows])
        after = rows[-1]["subject"]
    return await _count(target, service) - before


def _removed(layout: Layout, service: str) -> Sequence[str]:
    """Their keys never touch the disk again."""
    entries = ledger_of(layout.removed, service).entries()
    return [str(subject) for entry in entries for subject in entry.subjects]


async def _count(connection: Connection, service: str) -> int:
    found = await connection.fetchval(f"select count(*) from {service}.keys")  # noqa: S608 - ours
    return int(found)

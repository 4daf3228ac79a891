"""Databases brought back beside those that are there, looked at, and put in their places in one step."""

from collections.abc import Sequence

import asyncpg

from cli.safekeeping.dumping import load, within
from cli.safekeeping.manifest import Backup, Standing
from cli.verify import STORES
from cli.verifying.looking import Tell, at_address
from cli.verifying.report import Checked, Report
from deploy.local.databases import CONNECT_SECONDS, Connection, Databases, close_to_others, logins
from deploy.local.errors import LocalError
from shared.database import STATEMENT_SECONDS
from shared.eventstore.chain import Breach
from shared.eventstore.store import open_store

READ = "reporting_read"
COMING, GOING = "_restoring", "_before"

_END_SESSIONS = "select pg_terminate_backend(pid) from pg_stat_activity where datname = any($1)"
# What the service compares itself with at its start (shared/continuity.py): it has lived elsewhere.
_MOVED = """
insert into lineage (cluster, seen_at) values ('restored', now())
    on conflict (only_row) do update set cluster = excluded.cluster, seen_at = now()
"""


def coming(databases: Databases, name: str) -> str:
    return databases.database(name) + COMING


async def load_beside(databases: Databases, name: str, backup: Backup) -> None:
    """The dump of `name` into a new database. Raises LocalError."""
    owner, database = databases.role(name, "owner"), coming(databases, name)
    connection = await _administrator(databases, name)
    try:
        await connection.execute(f'drop database if exists "{database}" with (force)')
        await connection.execute(f'create database "{database}" owner "{owner}"')
        await close_to_others(connection, database, logins(databases.prefix, name))
    finally:
        await connection.close()
    await load(within(databases, name, COMING), backup.folder / f"{name}.dump")


async def look_at(databases: Databases, backup: Backup, tell: Tell) -> list[Checked]:
    """Every chain from its first event to the head its backup names. Raises LocalError."""
    looks = []
    for name in STORES:
        url = within(databases, name, COMING)
        look = await at_address(url, name, tell(name, "events"))
        looks.append(await _ends_at(look, url, backup.manifest.heads[name]))
    if not (report := Report(looks)).holds:
        raise LocalError(
            f"{report.to_table()}\nThis backup does not hold; the databases are left as they were."
        )
    return looks


async def put_in_place(databases: Databases) -> None:
    """All stores at once or none; the read model goes, to be made anew from them."""
    connection = await _administrator(databases, READ)
    present = [databases.database(name) for name in (*STORES, READ)]
    beside = [coming(databases, name) for name in STORES]
    try:
        await _drop(connection, [name + GOING for name in present])
        await connection.fetch(_END_SESSIONS, [*present, *beside])
        async with connection.transaction():
            for name in present:
                await connection.execute(f'alter database "{name}" rename to "{name}{GOING}"')
            for name, new in zip(present, beside, strict=False):
                await connection.execute(f'alter database "{new}" rename to "{name}"')
        await _drop(connection, [name + GOING for name in present])
    finally:
        await connection.close()


async def drop_beside(databases: Databases, names: Sequence[str]) -> None:
    for name in names:
        connection = await _administrator(databases, name)
        try:
            await _drop(connection, [coming(databases, name)])
        finally:
            await connection.close()


async def say_it_moved(databases: Databases) -> None:
    """So that another epoch opens even where nothing tells what was lost: no position comes twice."""
    for name in STORES:
        connection = await asyncpg.connect(databases.url(name, "owner"), timeout=CONNECT_SECONDS)
        try:
            await connection.execute(_MOVED, timeout=STATEMENT_SECONDS)
        finally:
            await connection.close()


async def _ends_at(look: Checked, url: str, expected: Standing) -> Checked:
    async with open_store(url, connections=1) as store:
        head = await store.head()
    found = Standing(head.epoch, head.position, head.hash.hex())
    if look.breaches or not expected.position or found == expected:
        return look
    wrong = Breach("I4", head.position, "the backup was taken at another head")
    return Checked(look.service, look.invariants, look.count, look.unit, look.seconds, (wrong,))


async def _drop(connection: Connection, names: Sequence[str]) -> None:
    for name in names:
        await connection.execute(f'drop database if exists "{name}" with (force)')


async def _administrator(databases: Databases, name: str) -> Connection:
    """Of the server that holds database `name`."""
    return await asyncpg.connect(databases.server(name), timeout=CONNECT_SECONDS)

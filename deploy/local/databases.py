"""Which databases and roles an installation has, and making them on a server."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

CONNECT_SECONDS = 10.0

# Database -> its roles besides the owner, who migrates it and nothing else.
ROLES = {
    "contacts": ("app",),
    "engagements": ("app",),
    "gateway": ("app",),
    "reporting_read": ("projector", "reader"),
    "keystore": ("contacts", "engagements", "gateway", "reporting"),
}


@dataclass(frozen=True, slots=True)
class Database:
    """One database; its roles are named after it."""

    name: str
    roles: tuple[str, ...]

    @property
    def owner(self) -> str:
        return f"{self.name}_owner"

    @property
    def logins(self) -> tuple[str, ...]:
        return (self.owner, *(f"{self.name}_{role}" for role in self.roles))


def databases(prefix: str) -> dict[str, Database]:
    """By their names without `prefix`."""
    return {name: Database(prefix + name, roles) for name, roles in ROLES.items()}


def url_for(admin_url: str, database: str, role: str, password: str) -> str:
    """The server of `admin_url`, another database and login."""
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    login = f"{quote(role, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{host}", path=f"/{database}"))


async def provision(
    admin_url: str, wanted: Mapping[str, Database], passwords: Mapping[str, str]
) -> None:
    """Makes what is missing and sets every password. Safe to repeat."""
    connection = await asyncpg.connect(admin_url, timeout=CONNECT_SECONDS)
    try:
        for database in wanted.values():
            for role in database.logins:
                await _make_role(connection, role, passwords[role])
            await _make_database(connection, database)
    finally:
        await connection.close()
    for database in wanted.values():
        await _open_schema(_within(admin_url, database.name), database)


def _within(admin_url: str, database: str) -> str:
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{database}"))


async def _make_role(
    connection: "asyncpg.Connection[asyncpg.Record]", role: str, password: str
) -> None:
    known = await connection.fetchval("select 1 from pg_roles where rolname = $1", role)
    verb = "alter" if known else "create"
    await _run(
        connection,
        f"{verb} role %I with login nosuperuser nocreatedb nocreaterole password %L",
        role,
        password,
    )


async def _make_database(
    connection: "asyncpg.Connection[asyncpg.Record]", database: Database
) -> None:
    known = await connection.fetchval("select 1 from pg_database where datname = $1", database.name)
    if not known:
        await _run(connection, "create database %I owner %I", database.name, database.owner)
    await close_to_others(connection, database.name, database)


async def close_to_others(
    connection: "asyncpg.Connection[asyncpg.Record]", name: str, database: Database
) -> None:
    """Only `database`'s own roles may connect to the database called `name`."""
    await _run(connection, "revoke all on database %I from public", name)
    for role in database.logins:
        await _run(connection, "grant connect on database %I to %I", name, role)


async def _open_schema(url: str, database: Database) -> None:
    connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    try:
        await connection.execute("revoke all on schema public from public")
        for role in database.logins:
            await _run(connection, "grant usage on schema public to %I", role)
        await _run(connection, "grant create on schema public to %I", database.owner)
        if database.name.endswith("keystore"):
            await _open_keystore(connection, database)
    finally:
        await connection.close()


async def _open_keystore(
    connection: "asyncpg.Connection[asyncpg.Record]", database: Database
) -> None:
    """The owner makes each service's schema for that service's role, so it must be a member."""
    for role in database.roles:
        await _run(connection, "grant %I to %I", f"{database.name}_{role}", database.owner)


async def _run(
    connection: "asyncpg.Connection[asyncpg.Record]", statement: str, *names: str
) -> None:
    """Runs a statement that takes no parameters; the server itself quotes `names` into it."""
    places = ", ".join(f"${number}::text" for number in range(2, len(names) + 2))
    quoted = await connection.fetchval(f"select format($1::text, {places})", statement, *names)
    await connection.execute(quoted)

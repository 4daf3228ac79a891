"""Each database role reaches its own database, and there only what its service needs."""

from itertools import product

import asyncpg
import pytest

from deploy.local.databases import ROLES
from shared.migrate import KEYSTORE
from tests.stack.postgres import FreshDatabases, TestPostgres

CONNECT_SECONDS = 10
LOGINS = [(name, role) for name, roles in ROLES.items() for role in ("owner", *roles)]
DATABASES = (*ROLES, "postgres", "template1")
DECIDING = ("contacts", "engagements", "gateway")
STORED = ("installation", "epochs", "events", "streams", "commands")
CHANGES = (
    "insert into {table} select * from {table}",
    "update {table} set {column} = {column}",
    "delete from {table}",
    "truncate {table}",
    "drop table {table}",
)
KEY_WRITES = (
    "select * from {service}.keys",
    "insert into {service}.keys select * from {service}.keys",
    "update {service}.keys set wrapped = null",
    "delete from {service}.keys",
)


@pytest.fixture(scope="module")
async def databases(postgres: TestPostgres) -> FreshDatabases:
    return await postgres.fresh()


@pytest.mark.parametrize(("name", "role"), LOGINS)
async def test_a_role_connects_to_its_own_database(
    name: str, role: str, databases: FreshDatabases
) -> None:
    assert await answer(databases.url(name, role), "select 1") == "allowed"


@pytest.mark.parametrize(
    ("name", "role", "other"),
    [(name, role, other) for (name, role), other in product(LOGINS, DATABASES) if other != name],
)
async def test_a_role_is_refused_by_every_other_database(
    name: str, role: str, other: str, databases: FreshDatabases
) -> None:
    address = databases.url(name, role).rpartition("/")[0]
    database = f"{databases.prefix}{other}" if other in ROLES else other
    assert await answer(f"{address}/{database}", "select 1") == "refused"


@pytest.mark.parametrize("service", DECIDING)
@pytest.mark.parametrize("statement", CHANGES)
@pytest.mark.parametrize("table", STORED)
async def test_the_event_store_is_changed_by_nobody_past_its_function(
    service: str, statement: str, table: str, databases: FreshDatabases
) -> None:
    column = {"installation": "site", "epochs": "epoch"}.get(table, "version")
    asked = statement.format(table=table, column=column)
    assert await answer(databases.url(service, "app"), asked) == "refused"


@pytest.mark.parametrize("role", DECIDING)
@pytest.mark.parametrize("statement", KEY_WRITES)
@pytest.mark.parametrize("other", DECIDING)
async def test_a_service_reaches_no_other_service_s_keys(
    role: str, statement: str, other: str, databases: FreshDatabases
) -> None:
    own = role == other and not statement.startswith("delete")
    asked = statement.format(service=other)
    given = await answer(databases.url(KEYSTORE, role), asked)
    assert given == ("allowed" if own else "refused")


@pytest.mark.parametrize("statement", KEY_WRITES)
@pytest.mark.parametrize("other", DECIDING)
async def test_reporting_reads_keys_through_views_only(
    statement: str, other: str, databases: FreshDatabases
) -> None:
    reporting = databases.url(KEYSTORE, "reporting")
    assert await answer(reporting, statement.format(service=other)) == "refused"
    assert await answer(reporting, f"table readable.{other}") == "allowed"


@pytest.mark.parametrize(("name", "role"), LOGINS)
async def test_no_role_is_more_than_an_ordinary_one(
    name: str, role: str, databases: FreshDatabases
) -> None:
    url = databases.url(name, role)
    rights = "rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication"
    asked = f"select 1/(case when {rights} then 0 else 1 end) from pg_roles where rolname = user"  # noqa: S608 - constant
    assert await answer(url, asked) == "allowed"
    assert await answer(url, "create role intruder") == "refused"
    assert await answer(url, "select pg_read_file('PG_VERSION')") == "refused"
    assert await answer(url, "copy (select 1) to program 'true'") == "refused"


async def answer(url: str, statement: str) -> str:
    """`refused` when the server says that the role may not; any other error goes through."""
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    except asyncpg.InsufficientPrivilegeError:
        return "refused"
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return "refused"
    finally:
        await connection.close()
    return "allowed"

"""Databases are brought up to date by whoever starts, also when several start at once."""

import asyncio
import sys

import asyncpg
import pytest

from deploy.local.layout import ROOT
from shared.migrate import found_installation, migrate
from tests.stack.postgres import TestPostgres

MIGRATE = """
import asyncio, sys
from shared.migrate import migrate
asyncio.run(migrate("contacts", sys.argv[1]))
"""
AT_ONCE = 3
NEWEST = max((ROOT / "services/contacts/migrations/versions").glob("*.py")).name[:4]
REVISIONS = "select version_num from schema_version"


@pytest.fixture
async def empty(postgres: TestPostgres) -> str:
    """The owner's address of a database without any table."""
    fresh = await postgres.fresh("contacts")
    owner = fresh.url("contacts", "owner")
    database = owner.rpartition("/")[2]
    role = postgres.template.role("contacts", "owner")
    admin = await asyncpg.connect(postgres.admin_url)
    try:
        await admin.execute(f'drop database "{database}"')
        await admin.execute(f'create database "{database}" owner "{role}"')
        app = postgres.template.role("contacts", "app")
        await admin.execute(f'create role "{database}_app" in role "{app}"')
    finally:
        await admin.close()
    return owner


async def test_several_processes_that_migrate_at_once_all_succeed(empty: str) -> None:
    codes = await asyncio.gather(*(_migrated_elsewhere(empty) for _ in range(AT_ONCE)))
    assert codes == [0] * AT_ONCE
    assert await _revisions(empty) == [NEWEST]


async def test_migrating_again_changes_nothing(empty: str) -> None:
    await migrate("contacts", empty)
    before = await _revisions(empty)
    await migrate("contacts", empty)
    assert await _revisions(empty) == before


async def test_a_database_belongs_to_one_installation_for_good(empty: str) -> None:
    await migrate("contacts", empty)
    await found_installation(empty, "demo", "hq", exercise=True)
    await found_installation(empty, "demo", "hq", exercise=True)
    with pytest.raises(ValueError, match="belongs to mission demo"):
        await found_installation(empty, "other", "hq", exercise=True)


async def _migrated_elsewhere(url: str) -> int:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", MIGRATE, url), cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    )
    return await process.wait()


async def _revisions(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [row["version_num"] for row in await connection.fetch(REVISIONS)]
    finally:
        await connection.close()

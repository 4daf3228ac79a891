"""Brings a database up to its newest schema, under its owner's role; safe when two do it at once.

A history is a folder `versions/` of Alembic revisions with the SQL written out. `run_sql` runs a whole
script of several statements, which the driver otherwise refuses.
"""

import logging
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import asyncpg
from alembic import op
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import await_only

ROOT = Path(__file__).parents[1]
KEYSTORE = "keystore"
CONNECT_SECONDS = 10
# Waiting for another process that migrates, and for whoever uses a table that is to change.
TURN_TIMEOUT = "10min"
LOCK_TIMEOUT = "30s"
MIGRATION_LOCK = 7_238_014

_log = logging.getLogger(__name__)


async def migrate(service: str, owner_url: str) -> None:
    """Run every revision `service` (or "keystore") is behind. `owner_url`: the owner's role."""

    async def connect() -> asyncpg.Connection:
        # The driver itself reads the address: it knows sslmode and sslrootcert.
        return await asyncpg.connect(owner_url, timeout=CONNECT_SECONDS)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, _history(service))
    finally:
        await engine.dispose()


async def found_installation(owner_url: str, mission: str, site: str, *, exercise: bool) -> None:
    """Write what the database belongs to, once. Raises ValueError when it belongs to another."""
    connection = await asyncpg.connect(owner_url, timeout=CONNECT_SECONDS)
    try:
        await connection.execute(
            "insert into installation values (true, $1, $2, $3, now()) on conflict do nothing",
            mission,
            site,
            exercise,
        )
        row = await connection.fetchrow("select mission, site, exercise from installation")
    finally:
        await connection.close()
    if row is None or tuple(row) != (mission, site, exercise):
        raise ValueError(
            f"this database belongs to mission {row and row['mission']}, "
            f"site {row and row['site']}, exercise {row and row['exercise']}"
        )


def knows(service: str, revision: str) -> bool:
    """Whether the history of `service` has this revision: it lacks one that a newer release made."""
    config = Config()
    config.set_main_option("script_location", str(_history(service)).replace("%", "%%"))
    return revision in {
        one.revision for one in ScriptDirectory.from_config(config).walk_revisions()
    }


def run_sql(script: str) -> None:
    """Inside a revision: run a script of several statements in the revision's transaction."""
    bind = op.get_bind()
    bind.execute(text("select 1"))  # so that the transaction has begun
    driver: Any = bind.connection.driver_connection  # Any: asyncpg's connection beneath SQLAlchemy
    await_only(driver.execute(script))


def _history(service: str) -> Path:
    if service == KEYSTORE:
        return ROOT / "deploy/keystore/migrations"
    return ROOT / "services" / service / "migrations"


def _upgrade(connection: Connection, history: Path) -> None:
    connection.execute(text(f"set local lock_timeout = '{TURN_TIMEOUT}'"))
    connection.execute(text(f"select pg_advisory_xact_lock({MIGRATION_LOCK})"))
    connection.execute(text(f"set local lock_timeout = '{LOCK_TIMEOUT}'"))
    config = Config()
    config.set_main_option("script_location", str(history).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    with EnvironmentContext(
        config, script, fn=lambda revision, _: script._upgrade_revs("head", revision)
    ) as environment:
        environment.configure(
            connection=connection, version_table="schema_version", on_version_apply=_tell
        )
        environment.run_migrations()


def _tell(
    ctx: MigrationContext,
    step: MigrationInfo,
    heads: Collection[Any],  # Any: as Alembic says it
    run_args: Mapping[str, Any],
) -> None:
    _log.info("a revision was applied", extra={"revision": step.up_revision_id})

"""What is remembered of a rebuild: another process can go on with it, and everybody sees how far it is."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from services.reporting.projecting import FAMILY, projection_name
from shared.database import STATEMENT_SECONDS

if TYPE_CHECKING:
    import asyncpg

    from shared.interning import Connection

DDL_SECONDS = 60.0
# What decides how an event becomes rows.
CODE = ("services/reporting", "shared")
ROOT = Path(__file__).parents[2]

_ACTIVE = "select active from generations"
_HALF = "select min(generation) from rebuilds where recipe = $1 and generation <> $2"
_BEGIN = """
insert into rebuilds (generation, source, recipe, builder, position, target)
select $1, source, $3, $4, 0, 0 from unnest($2::text[]) as source
"""
_TAKE = "update rebuilds set builder = $2 where generation = $1"
_MOVE = """
update rebuilds set position = $3, target = $4, moved_at = now() where generation = $1 and source = $2
"""
_FORGET = "delete from rebuilds where generation = $1"
_OTHERS = """
select substr(nspname, 2)::integer as generation from pg_namespace
 where nspname ~ '^g[0-9]+$' and substr(nspname, 2)::integer <> (select active from generations)
"""
_LIFT = "update skipped_events set lifted_at = now() where projection = $1 and lifted_at is null"
_FORGET_PARKED = "delete from parked where projection = $1"


class RebuildState:
    """Of one process, `builder`. `recipe`: only a half made by the same code and options is gone on with."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", recipe: str, builder: str) -> None:
        self._pool = pool
        self._recipe = recipe
        self._builder = builder

    async def open(self, sources: Iterable[str]) -> tuple[int, int]:
        """The generation served, and the one to build: half built already, or empty."""
        async with self._pool.acquire() as connection:
            live = int(await connection.fetchval(_ACTIVE))
            half = await connection.fetchval(_HALF, self._recipe, live)
            await self._drop_others(connection, keep=half)
            if half is None:
                return live, await self._begin(connection, live + 1, sources)
            await connection.execute(_TAKE, half, self._builder)
            return live, int(half)

    async def moved(self, generation: int, source: str, position: int, target: int) -> None:
        await self._pool.execute(
            _MOVE, generation, source, position, target, timeout=STATEMENT_SECONDS
        )

    async def drop(self, generation: int) -> None:
        async with self._pool.acquire() as connection:
            await _drop(connection, generation)

    async def _begin(
        self, connection: "Connection", generation: int, sources: Iterable[str]
    ) -> int:
        async with connection.transaction():
            await connection.execute(
                "select create_generation($1)", generation, timeout=DDL_SECONDS
            )
            await connection.execute(_BEGIN, generation, list(sources), self._recipe, self._builder)
        return generation

    async def _drop_others(self, connection: "Connection", keep: int | None) -> None:
        """What earlier runs left: the generation served before, or one made otherwise."""
        for row in await connection.fetch(_OTHERS):
            if row["generation"] != keep:
                await _drop(connection, row["generation"])


async def finish(connection: "Connection", generation: int, replaced: str, *, lift: bool) -> None:
    """Within the transaction that serves `generation`: nothing is being built any more.

    `replaced`: the projection that is not needed any more. `lift`: nothing was passed over.
    """
    await connection.execute(_FORGET, generation)
    await connection.execute(_FORGET_PARKED, replaced)
    if lift:
        await connection.execute(_LIFT, FAMILY)


def recipe(*, retry_skipped: bool) -> str:
    """Names the code that folds, and whether events once passed over are taken in."""
    digest = hashlib.sha256()
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16] + ("+skipped" if retry_skipped else "")


async def _drop(connection: "Connection", generation: int) -> None:
    async with connection.transaction():
        await connection.execute("select drop_generation($1)", generation, timeout=DDL_SECONDS)
        await connection.execute(_FORGET, generation)
        await connection.execute(_FORGET_PARKED, projection_name(generation))

"""`./parley bench project`: events through the projection / their rows, ready made, by one statement."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.benching.gazetteer import somali_places
from cli.benching.loading import BATCH, SOURCE, places_projection, project_all, registered
from cli.benching.pairing import Figure, Side, compared
from cli.benching.result import Result
from cli.benching.throwaway import throwaway_databases
from shared.database import Pool, open_pool
from shared.projection import load_checkpoint

if TYPE_CHECKING:
    from shared.interning import Connection

PLACES = 4_000
# Every table that a new place leaves a row in, and whose row it is.
TABLES = {
    "g1.records": "record_id",
    "g1.portions": "record_id",
    "g1.names": "record_id",
    "g1.versions": "record_id",
    "changes": "record_id",
}
# S608: names of our own tables.
_ROWS = ", ".join(
    f"(select coalesce(jsonb_agg(to_jsonb(t)), '[]') from {table} t where {of} = any($1))::text"  # noqa: S608
    for table, of in TABLES.items()
)
_INSERTS = ", ".join(
    f"w{at} as (insert into {table} overriding system value select * "  # noqa: S608
    f"from jsonb_populate_recordset(null::{table}, ${at}))"
    for at, table in enumerate(TABLES, start=1)
)
_WRITE = f"with {_INSERTS} update checkpoints set position = ${len(TABLES) + 1}"  # noqa: S608
_EMPTY = f"truncate g1.tallies, {', '.join(TABLES)}"
_BEGIN = "update checkpoints set epoch = 0, position = 0"
_COUNT = "select count(*) from g1.records"


@dataclass(frozen=True, slots=True)
class _Model:
    """A read database: the projector's connection to it, and its owner's."""

    projector: "Connection"
    owner: Pool

    async def timed(self, work: Callable[[], Awaitable[None]]) -> float:
        """Places per second, into empty tables. Raises ValueError when some are missing."""
        await self.owner.execute(_EMPTY)
        await self.owner.execute(_BEGIN)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await work()
        took: float = loop.time() - began
        if await self.owner.fetchval(_COUNT) != PLACES:
            raise ValueError("not every place was projected")
        return PLACES / took


async def project(seed: int) -> list[Result]:
    """4,000 places registered, in batches of 500, each time into empty tables."""
    async with _opened() as (model, ours):
        await ours(0)
        return [await compared(Figure("project", "events/s", 0.6), ours, await _bare(model))]


@asynccontextmanager
async def _opened() -> AsyncIterator[tuple[_Model, Side]]:
    async with AsyncExitStack() as stack:
        layout, databases = await stack.enter_async_context(throwaway_databases())

        async def pool(name: str, role: str) -> Pool:
            url = databases.url(name, role)
            return await stack.enter_async_context(open_pool(url, connections=2))

        reading = await pool("reporting_read", "projector")
        connection = await stack.enter_async_context(reading.acquire())
        model = _Model(connection, await pool("reporting_read", "owner"))
        projection = places_projection(await pool("keystore", "reporting"), layout)
        await load_checkpoint(connection, projection.name, SOURCE)
        events = registered(somali_places()[:PLACES])

        async def run(seconds: float) -> float:
            return await model.timed(lambda: project_all(connection, projection, events))

        yield model, run


async def _bare(model: _Model) -> Side:
    """What the projection has just written, as somebody would write it who had nothing else to do."""
    ids = [row[0] for row in await model.owner.fetch("select record_id from g1.records")]
    batches = [await _rows(model.owner, ids[at : at + BATCH]) for at in range(0, PLACES, BATCH)]

    async def write() -> None:
        for number, rows in enumerate(batches, start=1):
            await model.projector.execute(_WRITE, *rows, number)

    async def run(seconds: float) -> float:
        return await model.timed(write)

    return run


async def _rows(owner: Pool, ids: Sequence[str]) -> tuple[str, ...]:
    row = await owner.fetchrow(f"select {_ROWS}", ids)
    return tuple(row or ())

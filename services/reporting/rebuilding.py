"""Folds all events anew into another generation beside the one that is served, and puts it in its place.

The old one is served until the very end: only while the last few events are taken in and the two change
places does the live projector wait. It never passes the live checkpoints, so the feed misses nothing.
"""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.reporting.digest import digest_of
from services.reporting.projecting import RecordsProjection, projection_name
from services.reporting.settings import ReportingSettings
from services.reporting.sources import Source, open_sources
from shared.bus import open_bus
from shared.consumer import Consumer
from shared.database import open_pool
from shared.eventstore.model import Recorded
from shared.interning import LabelBook
from shared.projection import Checkpoint, load_checkpoint, project

if TYPE_CHECKING:
    import asyncpg
    from nats.aio.client import Client

    from shared.interning import Connection

CONNECTIONS = 4
DDL_SECONDS = 60.0

Tell = Callable[[str, int, int], None]

_LOCK = "select active from generations for update"
_ACTIVATE = "update generations set active = $1"
_OTHERS = """
select substr(nspname, 2)::integer as generation from pg_namespace
 where nspname ~ '^g[0-9]+$' and substr(nspname, 2)::integer <> (select active from generations)
"""


class _ReachedError(Exception):
    """The live checkpoint."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What both generations say, at the same positions."""

    generation: int
    live: dict[str, str]
    rebuilt: dict[str, str]

    @property
    def equal(self) -> bool:
        return self.live == self.rebuilt


class Rebuild:
    """One run. `tell(source, position, target)` hears of progress."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        client: "Client",
        sources: tuple[Source, ...],
        settings: ReportingSettings,
        tell: Tell,
    ) -> None:
        self._pool = pool
        self._client = client
        self._sources = sources
        self._settings = settings
        self._tell = tell
        self._book = LabelBook()

    async def run(self, *, swap: bool) -> Rebuilt:
        """Build, compare, and serve it when `swap`; otherwise drop it again."""
        async with self._pool.acquire() as connection:
            live = int(await connection.fetchval("select active from generations"))
            await self._drop_others(connection)
            generation = live + 1
            await connection.execute(
                "select create_generation($1)", generation, timeout=DDL_SECONDS
            )
            await self._follow(live, generation)
            rebuilt = await self._change_places(connection, live, generation, swap=swap)
            if not swap:
                await connection.execute(
                    "select drop_generation($1)", generation, timeout=DDL_SECONDS
                )
        return rebuilt

    async def _change_places(
        self, locking: "Connection", live: int, generation: int, *, swap: bool
    ) -> Rebuilt:
        async with locking.transaction():
            await locking.execute(_LOCK)  # the live projector waits from here
            await self._follow(live, generation)
            rebuilt = Rebuilt(
                generation,
                await digest_of(locking, live),
                await digest_of(locking, generation),
            )
            if swap:
                await locking.execute(_ACTIVATE, generation)
        return rebuilt

    async def _follow(self, live: int, generation: int) -> None:
        """Take in everything the live generation has taken in by now."""
        for source in self._sources:
            async with self._pool.acquire() as connection:
                target = await load_checkpoint(connection, projection_name(live), source.service)
            await self._up_to(target, source, generation)

    async def _up_to(self, target: Checkpoint, source: Source, generation: int) -> None:
        projection = RecordsProjection(generation, source, self._book, live=False)
        async with self._pool.acquire() as connection:
            at = await load_checkpoint(connection, projection.name, source.service)
        if at >= target:
            return

        async def take(events: list[Recorded]) -> None:
            nonlocal at
            wanted = [event for event in events if event.position <= target.position]
            async with self._pool.acquire() as connection:
                at = await project(connection, projection, source.service, at, wanted)
            self._tell(source.service, at.position, target.position)
            if at.position >= target.position:
                raise _ReachedError

        consumer = Consumer(self._client, self._settings.stream(source.service))
        try:
            await consumer.run(at.position, take)
        except _ReachedError:
            return

    async def _drop_others(self, connection: "Connection") -> None:
        """What earlier runs left: the generation served before, or one that was never finished."""
        for row in await connection.fetch(_OTHERS):
            await connection.execute(
                "select drop_generation($1)", row["generation"], timeout=DDL_SECONDS
            )


async def rebuild(settings: ReportingSettings, tell: Tell, *, swap: bool) -> Rebuilt:
    """Works beside a running service. Needs PostgreSQL and NATS, and no other service."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(
            open_pool(settings.projector_url, connections=CONNECTIONS)
        )
        keystore = await stack.enter_async_context(
            open_pool(settings.keystore_url, connections=CONNECTIONS)
        )
        client = await stack.enter_async_context(
            open_bus(
                settings.nats_url,
                settings.nats_seed_file,
                name=settings.service,
                ca_file=settings.nats_ca_file,
            )
        )
        return await Rebuild(pool, client, open_sources(keystore, settings), settings, tell).run(
            swap=swap
        )

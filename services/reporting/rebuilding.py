"""Folds all events anew into another generation beside the one that is served, and puts it in its place.

The old one is served until the very end: only while the last few events are taken in and the two change
places does the live projector wait. It never passes the live checkpoints, so the feed misses nothing,
unless it is asked to go onward: then the feed tells its readers to start over. What a killed rebuild
has made, the next one goes on with.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.reporting.cold_supply import cold_supplies
from services.reporting.digest import digest_of
from services.reporting.projecting import projection_name
from services.reporting.rebuild_state import RebuildState, finish, recipe
from services.reporting.rebuild_steps import Building, Supply, Tell, Workplace
from services.reporting.settings import ReportingSettings
from services.reporting.sources import Source, open_sources
from shared.bus import open_bus
from shared.consumer import Consumer
from shared.database import open_pool
from shared.interning import LabelBook
from shared.leases import LEASE_SECONDS, Lease
from shared.leasing import kept
from shared.projection import find_checkpoint

if TYPE_CHECKING:
    import asyncpg

    from shared.interning import Connection

CONNECTIONS = 4
LEASE = "rebuild"
TURN_SECONDS = LEASE_SECONDS + 3
LOOK_SECONDS = 0.25

_LOCK = "select active from generations for update"
_ACTIVATE = "update generations set active = $1"
# Changes up to here are in no log: whoever follows the feed from before starts over.
_CUT = """
insert into change_floors as known values ($1, $2)
    on conflict (source) do update set position = greatest(known.position, excluded.position)
"""


class RebuildRunningError(Exception):
    """Another process rebuilds, or has put another generation in place meanwhile."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`swap`: serve it in the end. `onward`: read on past the live checkpoints, to each source's end.

    Without `compare` the live ones do not matter: for when they lie in a history that is no more.
    `retry_skipped`: take in the events that were passed over.
    """

    swap: bool
    onward: bool = False
    compare: bool = True
    retry_skipped: bool = False


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What both generations say, at the same positions; nothing when they were not compared."""

    generation: int
    live: dict[str, str]
    rebuilt: dict[str, str]

    @property
    def equal(self) -> bool:
        return self.live == self.rebuilt


class Rebuild:
    """One run: build, compare, and serve it, or drop it again. `supplies` by service."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        sources: Sequence[Source],
        supplies: Mapping[str, Supply],
        wanted: Wanted,
        tell: Tell,
    ) -> None:
        self._pool = pool
        self._sources = sources
        self._supplies = supplies
        self._wanted = wanted
        self._lease = Lease(pool, LEASE)
        made_with = recipe(retry_skipped=wanted.retry_skipped)
        self._state = RebuildState(pool, made_with, self._lease.holder)
        retry = wanted.retry_skipped
        self._workplace = Workplace(pool, LabelBook(), self._state, tell, retry)

    async def run(self) -> Rebuilt:
        """Raises RebuildRunningError, UnreadableEventError, or GapError."""
        async with self._alone():
            live, generation = await self._state.open(one.service for one in self._sources)
            parts = [self._building(source, generation) for source in self._sources]
            await self._follow(live, parts)
            rebuilt = await self._change_places(live, generation, parts)
            if not self._wanted.swap:
                await self._state.drop(generation)
        return rebuilt

    def _building(self, source: Source, generation: int) -> Building:
        return Building(self._workplace, generation, source, self._supplies[source.service])

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """For as long as a killed one could still hold the lease, wait for it."""
        try:
            async with asyncio.timeout(TURN_SECONDS):
                while not await self._lease.hold():  # noqa: ASYNC110 - it changes in the database
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise RebuildRunningError("Another rebuild is running.") from None
        async with kept(self._lease):
            yield

    async def _change_places(
        self, live: int, generation: int, parts: Sequence[Building]
    ) -> Rebuilt:
        wanted = self._wanted
        async with self._pool.acquire() as locking, locking.transaction():
            if await locking.fetchval(_LOCK) != live:  # the live projector waits from here
                raise RebuildRunningError("Another generation was put in place meanwhile.")
            await self._follow(live, parts)
            rebuilt = await self._compared(locking, live, generation)
            if wanted.swap:
                await self._go_onward(locking, live, parts)
                await locking.execute(_ACTIVATE, generation)
                await finish(locking, generation, projection_name(live), lift=wanted.retry_skipped)
        return rebuilt

    async def _compared(self, locking: "Connection", live: int, generation: int) -> Rebuilt:
        if not self._wanted.compare:
            return Rebuilt(generation, {}, {})
        return Rebuilt(
            generation, await digest_of(locking, live), await digest_of(locking, generation)
        )

    async def _follow(self, live: int, parts: Sequence[Building]) -> None:
        """Take in everything the live generation has taken in by now, or everything there is."""
        for part in parts:
            await part.follow(
                await self._taken_in(live, part.source)
                if self._wanted.compare
                else await part.head()
            )

    async def _go_onward(self, locking: "Connection", live: int, parts: Sequence[Building]) -> None:
        for part in parts if self._wanted.onward else ():
            await part.follow(await part.head())
            if part.at.position > await self._taken_in(live, part.source):
                await locking.execute(_CUT, part.source, part.at.position)

    async def _taken_in(self, live: int, source: str) -> int:
        async with self._pool.acquire() as connection:
            return (await find_checkpoint(connection, projection_name(live), source)).position


async def rebuild(
    settings: ReportingSettings,
    tell: Tell,
    wanted: Wanted,
    cold: Mapping[str, str] | None = None,
) -> Rebuilt:
    """Works beside a running service. Needs PostgreSQL and NATS, and no other service.

    `cold`: addresses of the services that decide, by name; events are read there, and NATS is not asked.
    """
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        pool = await enter(open_pool(settings.projector_url, connections=CONNECTIONS))
        keystore = await enter(open_pool(settings.keystore_url, connections=CONNECTIONS))
        sources = open_sources(keystore, settings)
        supplies = await enter(
            _streams(settings, sources) if cold is None else cold_supplies(settings, cold)
        )
        return await Rebuild(pool, sources, supplies, wanted, tell).run()


@asynccontextmanager
async def _streams(
    settings: ReportingSettings, sources: Sequence[Source]
) -> AsyncIterator[Mapping[str, Supply]]:
    async with open_bus(
        settings.nats_url,
        settings.nats_seed_file,
        name=settings.service,
        ca_file=settings.nats_ca_file,
    ) as client:
        yield {one.service: Consumer(client, settings.stream(one.service)) for one in sources}

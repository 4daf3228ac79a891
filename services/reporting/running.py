"""All projections, shared with other replicas. The main ones follow whichever generation is served."""

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nats.aio.client import Client
from nats.errors import Error as NatsError

from services.reporting.overriding import FAMILY as OVERRIDES
from services.reporting.overriding import OverridesProjection
from services.reporting.progress import Progress
from services.reporting.projecting import FAMILY as RECORDS
from services.reporting.projecting import GenerationChangedError, RecordsProjection
from services.reporting.pruning import keep_pruned
from services.reporting.rebuild_steps import UnreadableEventError
from services.reporting.rebuilding import Rebuild, RebuildRunningError, Wanted
from services.reporting.settings import ReportingSettings
from services.reporting.sources import Source
from shared.bus import Address
from shared.consumer import Consumer, ForkedError, GapError
from shared.database import STATEMENT_SECONDS, is_passing
from shared.interning import LabelBook
from shared.leases import Lease
from shared.leasing import let_go
from shared.projection import Checkpoint
from shared.projection_runner import Moved, Runner
from shared.sharing import Shared

if TYPE_CHECKING:
    import asyncpg

LOOK_SECONDS = 1.0
FAMILIES = (RECORDS, OVERRIDES)

_ACTIVE = "select active from generations"
_log = logging.getLogger(__name__)


class Projecting:
    """`run` never returns; cancel it."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        client: Client,
        sources: tuple[Source, ...],
        settings: ReportingSettings,
        book: LabelBook,
        progress: Progress,
    ) -> None:
        self._pool = pool
        self._client = client
        self._sources = sources
        self._settings = settings
        self._book = book
        self._progress = progress
        self.main: dict[str, Runner] = {}
        self.overrides = {source.service: self._overriding(source) for source in sources}
        # Of a projection whatever its generation: who runs the old one goes on with the new.
        names = (f"{family}/{source.service}" for family in FAMILIES for source in sources)
        self._leases = {name: Lease(pool, name) for name in names}

    @property
    def addresses(self) -> Mapping[str, Address]:
        """Whose streams are read."""
        return {source.service: self._settings.stream(source.service) for source in self._sources}

    async def check_main(self) -> None:
        """Raises ParkedError, naming it, when a main projection is parked."""
        for runner in self.main.values():
            await runner.check()

    async def check_overrides(self) -> None:
        """The same for those of labels alone."""
        for runner in self.overrides.values():
            await runner.check()

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for runner in self.overrides.values():
                    group.create_task(self._shared(runner, _nobody_waits).run())
                group.create_task(self._follow_generations())
                group.create_task(keep_pruned(self._pool))
        finally:
            for lease in self._leases.values():
                await let_go(lease)

    async def _follow_generations(self) -> None:
        while True:
            try:
                generation = await self._active()
                self.main = {one.service: self._recording(one, generation) for one in self._sources}
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._watch(generation))
                    for runner in self.main.values():
                        group.create_task(self._shared(runner, self._progress.moved).run())
            except* GenerationChangedError:
                _log.info("another generation is served now")

    async def _watch(self, generation: int) -> None:
        """Sees a change even where nothing happens, or everything is parked."""
        while True:
            if await self._active() != generation:
                raise GenerationChangedError
            await asyncio.sleep(LOOK_SECONDS)

    async def _active(self) -> int:
        """Waits for the database if it must."""
        while True:
            try:
                return int(await self._pool.fetchval(_ACTIVE, timeout=STATEMENT_SECONDS))
            except Exception as fault:
                if not is_passing(fault):
                    raise
                _log.warning("no database yet", extra={"error": type(fault).__name__})
                await asyncio.sleep(LOOK_SECONDS)

    def _shared(self, runner: Runner, seen: Moved) -> Shared:
        return Shared(self._leases[runner.name], runner, seen)

    def _recording(self, source: Source, generation: int) -> Runner:
        projection = RecordsProjection(generation, source, self._book, live=True)
        consumer = self._consumer(source)
        return Runner(self._pool, projection, source.service, consumer, self._moved, self._rebuild)

    def _overriding(self, source: Source) -> Runner:
        projection = OverridesProjection(self._book)
        consumer = self._consumer(source)
        return Runner(self._pool, projection, source.service, consumer, _nobody_waits)

    def _consumer(self, source: Source) -> Consumer:
        return Consumer(self._client, self._settings.stream(source.service))

    async def _rebuild(self) -> None:
        """A source was restored to another history: read all anew beside what is served, then swap."""
        supplies = {one.service: self._consumer(one) for one in self._sources}
        wanted = Wanted(swap=True, onward=True, compare=False)
        try:
            await Rebuild(self._pool, self._sources, supplies, wanted, _nobody_listens).run()
        except (RebuildRunningError, UnreadableEventError, GapError, ForkedError) as fault:
            _log.error("no rebuild yet", extra={"error": type(fault).__name__})

    async def _moved(self, source: str, checkpoint: Checkpoint) -> None:
        """Whoever waits here goes on; whoever follows the feed elsewhere is woken."""
        await self._progress.moved(source, checkpoint)
        try:
            await self._client.publish(self._settings.stream(self._settings.service).wake, b"")
        except NatsError as fault:
            _log.warning("no wake-up was sent", extra={"error": type(fault).__name__})


def _nobody_listens(source: str, position: int, target: int) -> None:
    """How far a rebuild is stands in its table."""


async def _nobody_waits(source: str, checkpoint: Checkpoint) -> None:
    """Overrides only take away: nobody waits for them."""

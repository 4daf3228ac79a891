"""Puts the service together: pools, projections on the bus, and what routes may ask for."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header
from nats.aio.client import Client
from starlette.requests import Request

from services.reporting.cleaning import Cleaning
from services.reporting.filters import read_as_of
from services.reporting.lag import LagWatch
from services.reporting.observing import Observer
from services.reporting.progress import Progress, read_at_least
from services.reporting.reading import Reader, Snapshot
from services.reporting.running import Projecting
from services.reporting.settings import ReportingSettings
from services.reporting.sources import open_sources
from services.reporting.views import Views
from shared.bus import open_bus
from shared.clock import utc_now
from shared.database import open_pool
from shared.errors import ForbiddenError, HealthError
from shared.health import Check
from shared.http import Caller
from shared.ids import Kind
from shared.interning import LabelBook
from shared.policy import Policy, load_policy
from shared.roles import Action, allowed
from shared.standing import Standing

READERS = 16
PROJECTORS = 8
KEY_READERS = 4


class NotRunningError(HealthError):
    """Part of the service has not started yet, or has stopped."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes need."""

    reader: Reader
    views: Views
    policy: Policy


class ReadSide:
    """Made with the application, opened in its lifespan. Needs the database; waits for no bus."""

    def __init__(self, settings: ReportingSettings) -> None:
        self._settings = settings
        self._client: Client | None = None
        self._projecting: Projecting | None = None
        self._lag: LagWatch | None = None
        self._observer: Observer | None = None
        self._desk: Desk | None = None
        self._cleaning: Cleaning | None = None
        self._book = LabelBook()
        self.progress = Progress()

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            raise NotRunningError("the service is not open")
        return self._desk

    @property
    def checks(self) -> Mapping[str, Check]:
        return {
            "database": self._check_database,
            "nats": self._check_bus,
            "projections": self._check_projections,
            "labels": self._check_labels,
            "removals": self._check_removals,
        }

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        policy = load_policy(self._settings.policy_file)
        async with open_pool(self._settings.read_url, connections=READERS) as pool:
            views = Views(policy, self._book.labels)
            self._desk = Desk(Reader(pool, self._book), views, policy)
            try:
                yield
            finally:
                self._desk = None

    async def on_the_bus(self) -> None:
        """Project, for ever. Reading goes on while NATS is away."""
        settings = self._settings
        async with (
            open_pool(settings.projector_url, connections=PROJECTORS) as pool,
            open_pool(settings.keystore_url, connections=KEY_READERS) as keystore,
            open_bus(
                settings.nats_url,
                settings.nats_seed_file,
                name=settings.service,
                ca_file=settings.nats_ca_file,
            ) as self._client,
            asyncio.TaskGroup() as group,
        ):
            sources = open_sources(keystore, settings)
            projecting = Projecting(
                pool, self._client, sources, settings, self._book, self.progress
            )
            self._projecting = projecting
            self._lag = LagWatch(self._client, projecting.addresses, projecting.overrides)
            self._observer = Observer(pool, self._client, projecting)
            self._cleaning = Cleaning(pool, keystore, sources, settings)
            group.create_task(projecting.run())
            group.create_task(self._cleaning.run())
            group.create_task(self._lag.run())

    async def observe(self) -> Standing:
        """How projections stand; nothing before they have started."""
        return await self._observer.observe() if self._observer else Standing()

    async def check_labels(self) -> None:
        """Raises LabelsBehindError while what has been withdrawn could still be shown."""
        if self._lag is not None:
            await self._lag.check()

    async def _check_database(self) -> None:
        await self.desk.reader.check()

    async def _check_bus(self) -> None:
        if self._client is None or not self._client.is_connected:
            raise NotRunningError("not connected to NATS")

    async def _check_labels(self) -> None:
        """For health, which names what readers are not told."""
        if self._projecting is not None:
            await self._projecting.check_overrides()
        await self.check_labels()

    async def _check_removals(self) -> None:
        if self._cleaning is not None:
            await self._cleaning.check()

    async def _check_projections(self) -> None:
        if self._projecting is None:
            raise NotRunningError("the projections have not started")
        await self._projecting.check_main()


def read_side(request: Request) -> ReadSide:
    side: ReadSide = request.app.state.read_side
    return side


async def desk(
    caller: Caller,
    side: Annotated[ReadSide, Depends(read_side)],
    at_least: Annotated[str | None, Header(alias="Parley-At-Least")] = None,
) -> Desk:
    """The desk, once labels are up to date and the caller's own writes are there."""
    if not any(allowed(caller.asker.roles, Action.READ, kind) for kind in Kind):
        raise ForbiddenError("Your role reads no records.")
    await side.check_labels()
    await side.progress.wait(read_at_least(at_least))
    return side.desk


async def snapshot(
    request: Request, caller: Caller, at: Annotated[Desk, Depends(desk)]
) -> AsyncIterator[Snapshot]:
    """Of the present, or as of the moment the address names."""
    as_of = read_as_of(request.query_params, utc_now())
    # Words are looked up in all groups at once, and emergency access never opens sources: it finds nothing.
    reader = caller.without_emergency if "q" in request.query_params else caller
    async with at.reader.snapshot(reader, as_of) as opened:
        yield opened


Reading = Annotated[Snapshot, Depends(snapshot)]
AtDesk = Annotated[Desk, Depends(desk)]

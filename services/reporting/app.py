"""The reporting service: remembers what happened everywhere, and shows it to whoever may see it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.reporting import (
    routes_attending,
    routes_feed,
    routes_foretold,
    routes_lists,
    routes_records,
    routes_suggest,
)
from services.reporting.settings import ReportingSettings
from services.reporting.wiring import ReadSide
from shared.ending import ended
from shared.http import create_service
from shared.memory import settled
from shared.outliving import EndsWithItsWork


def create() -> EndsWithItsWork:
    """The service as its environment describes it."""
    return EndsWithItsWork(settled(create_app(ReportingSettings())))


def create_app(settings: ReportingSettings) -> FastAPI:
    side = ReadSide(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with side.opened(), asyncio.TaskGroup() as group:
            app.state.read_side = side
            projecting = group.create_task(side.on_the_bus())
            yield
            await ended(projecting)

    routers = (
        routes_lists.router,
        routes_records.router,
        routes_attending.router,
        routes_foretold.router,
        routes_suggest.router,
        routes_feed.router,
    )
    return create_service(settings, routers, lifespan, side.checks, observe=side.observe)

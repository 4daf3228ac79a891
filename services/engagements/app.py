"""The engagements service: meetings, from the proposal to the debrief."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from starlette.datastructures import State

from services.engagements import routes, routes_attachments, routes_commitments, wiring
from services.engagements.attachment import attachment
from services.engagements.attachment_desk import AttachmentDesk
from services.engagements.book import ReferenceBooks
from services.engagements.clock import Clock
from services.engagements.clock_store import ClockStore
from services.engagements.commitment import commitment
from services.engagements.commitment_desk import CommitmentDesk
from services.engagements.desk import EngagementDesk
from services.engagements.engagement import engagement
from services.engagements.following import Following
from services.engagements.gazetteer import Gazetteer
from services.engagements.reference_store import ReferenceStore
from services.engagements.removals import EngagementsRemovals
from services.engagements.settings import EngagementsSettings
from shared import heads_routes, removal_routes
from shared.bus import Address
from shared.commands_kit import Kit
from shared.contracts.engagements import EngagementsEvent
from shared.database import Pool
from shared.date_work import DateWork
from shared.deciding import Deciding
from shared.ending import ended
from shared.event_reading import events_router
from shared.event_types import event_types
from shared.health import Check
from shared.http import create_service
from shared.memory import settled
from shared.object_store import JetStreamObjects
from shared.outliving import EndsWithItsWork
from shared.record_routes import record_router
from shared.removal_desk import AnyDecider, RemovalDesk
from shared.removal_ledger import Ledger, ledger_of
from shared.removal_work import RemovalWork

DECIDERS = {one.kind: one for one in (engagement, commitment, attachment)}
REMOVABLE: dict[str, AnyDecider] = {
    "engagements": engagement,
    "commitments": commitment,
    "attachments": attachment,
}


def create() -> EndsWithItsWork:
    """The service as its environment describes it."""
    return EndsWithItsWork(settled(create_app(EngagementsSettings())))


def create_app(settings: EngagementsSettings) -> FastAPI:
    deciding = Deciding(settings, event_types(EngagementsEvent))

    address = Address(settings.mission, settings.site, settings.service)
    objects = JetStreamObjects(address)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with deciding.event_pool() as pool:
            references = ReferenceStore(pool)
            following = Following(references, settings.mission, settings.site)
            async with (
                deciding.opened(
                    pool, lambda store, vault: ReferenceBooks(store, vault, references)
                ) as kit,
                asyncio.TaskGroup() as group,
            ):
                app.state.heads = deciding.heads
                app.state.following = following
                ledger = ledger_of(settings.ledger_dir, settings.service)
                _seat(app.state, kit, pool, references, objects, ledger)
                work: RemovalWork = app.state.removal_work
                await work.begin()
                tasks = [
                    group.create_task(
                        deciding.on_the_bus(following.run, objects.run, before_relaying=work.again)
                    ),
                    group.create_task(app.state.clock.run()),
                    group.create_task(deciding.tend()),
                    group.create_task(work.run()),
                    group.create_task(app.state.date_work.run()),
                ]
                yield
                await ended(*tasks)

    routers = (*_routers(), events_router(settings, lambda: deciding.kit.store))
    uploads = routes_attachments.UPLOADS
    checks = {**deciding.checks, **_own_checks(lambda: app.state)}
    app = create_service(settings, routers, lifespan, checks, uploads, deciding.observe)
    return app


def _seat(
    state: State,
    kit: Kit,
    pool: Pool,
    references: ReferenceStore,
    objects: JetStreamObjects,
    ledger: Ledger,
) -> None:
    """What routes and tasks ask for; see wiring.py."""
    state.engagement_desk = EngagementDesk(kit, Gazetteer(references, kit.policy))
    state.commitment_desk = CommitmentDesk(kit)
    state.attachment_desk = AttachmentDesk(kit, objects)
    state.clock = Clock(kit, ClockStore(pool))
    state.removal_desk = RemovalDesk(kit, REMOVABLE, ledger)
    state.removal_work = RemovalWork(kit, pool, EngagementsRemovals(pool), ledger)
    state.date_work = DateWork(kit, pool, DECIDERS)


@cache
def _routers() -> tuple[APIRouter, ...]:
    """Made once, however many applications of one process serve them."""
    return (
        removal_routes.router,
        routes.router,
        routes_commitments.router,
        routes_attachments.router,
        heads_routes.router,
        record_router("/engagements", engagement, wiring.engagement_desk),
        record_router("/commitments", commitment, wiring.commitment_desk),
        record_router("/attachments", attachment, wiring.attachment_desk),
    )


def _own_checks(state: Callable[[], State]) -> dict[str, Check]:
    """What health asks besides; all of it is there once the service is open."""

    async def references_are_followed() -> None:
        await state().following.check()

    async def clock_runs() -> None:
        await state().clock.check()

    async def removals_are_carried_out() -> None:
        await state().removal_work.check()

    async def dates_take_effect() -> None:
        await state().date_work.check()

    return {
        "dates": dates_take_effect,
        "references": references_are_followed,
        "clock": clock_runs,
        "removals": removals_are_carried_out,
    }

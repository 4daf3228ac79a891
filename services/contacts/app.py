"""The contacts service: who there is to liaise with, and where."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from starlette.datastructures import State

from services.contacts import (
    routes_organisations,
    routes_people,
    routes_places,
    routes_posts,
    wiring,
)
from services.contacts.book import OwnBook
from services.contacts.desk import OrganisationDesk, PlaceDesk
from services.contacts.hints import NameHints
from services.contacts.mergers import Mergers
from services.contacts.organisation import organisation
from services.contacts.person import person
from services.contacts.person_desk import PersonDesk
from services.contacts.place import place
from services.contacts.post import post
from services.contacts.post_desk import PostDesk
from services.contacts.removals import ContactsRemovals
from services.contacts.settings import ContactsSettings
from shared import heads_routes, removal_routes
from shared.commands_kit import Kit
from shared.contracts.contacts import ContactsEvent
from shared.database import Pool
from shared.date_work import DateWork
from shared.deciding import Deciding
from shared.ending import ended
from shared.event_reading import events_router
from shared.event_types import event_types
from shared.health import Check
from shared.http import create_service
from shared.memory import settled
from shared.outliving import EndsWithItsWork
from shared.record_routes import record_router
from shared.removal_desk import AnyDecider, RemovalDesk
from shared.removal_ledger import Ledger, ledger_of
from shared.removal_work import RemovalWork

# Places hold nothing sealed: the gazetteer is public.
DECIDERS = {one.kind: one for one in (organisation, place, person, post)}
REMOVABLE: dict[str, AnyDecider] = {"organisations": organisation, "people": person, "posts": post}


def create() -> EndsWithItsWork:
    """The service as its environment describes it."""
    return EndsWithItsWork(settled(create_app(ContactsSettings())))


def create_app(settings: ContactsSettings) -> FastAPI:
    deciding = Deciding(settings, event_types(ContactsEvent))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            deciding.event_pool() as pool,
            deciding.opened(pool, OwnBook) as kit,
            asyncio.TaskGroup() as group,
        ):
            _seat(app.state, kit, pool, ledger_of(settings.ledger_dir, settings.service))
            work: RemovalWork = app.state.removal_work
            await work.begin()
            app.state.heads = deciding.heads
            tasks = [
                group.create_task(deciding.on_the_bus(before_relaying=work.again)),
                group.create_task(deciding.tend()),
                group.create_task(work.run()),
                group.create_task(app.state.date_work.run()),
            ]
            yield
            await ended(*tasks)

    routers = (*_routers(), events_router(settings, lambda: deciding.kit.store))
    checks = {**deciding.checks, **_own_checks(lambda: app.state)}
    app = create_service(settings, routers, lifespan, checks, observe=deciding.observe)
    return app


def _seat(state: State, kit: Kit, pool: Pool, ledger: Ledger) -> None:
    """What routes and tasks ask for; see wiring.py."""
    hints, mergers = NameHints(pool, kit.references, kit.secret), Mergers(pool)
    state.organisation_desk = OrganisationDesk(kit, hints, mergers)
    state.place_desk = PlaceDesk(kit)
    state.person_desk = PersonDesk(kit, hints, mergers)
    state.post_desk = PostDesk(kit)
    state.removal_desk = RemovalDesk(kit, REMOVABLE, ledger)
    state.removal_work = RemovalWork(kit, pool, ContactsRemovals(pool), ledger)
    state.date_work = DateWork(kit, pool, DECIDERS)


@cache
def _routers() -> tuple[APIRouter, ...]:
    """Made once, however many applications of one process serve them."""
    return (
        removal_routes.router,
        routes_organisations.router,
        routes_places.router,
        routes_people.router,
        routes_posts.router,
        record_router("/organisations", organisation, wiring.organisation_desk),
        record_router("/places", place, wiring.place_desk),
        record_router("/people", person, wiring.person_desk),
        record_router("/posts", post, wiring.post_desk),
        heads_routes.router,
    )


def _own_checks(state: Callable[[], State]) -> dict[str, Check]:
    """What health asks besides; all of it is there once the service is open."""

    async def removals_are_carried_out() -> None:
        await state().removal_work.check()

    async def dates_take_effect() -> None:
        await state().date_work.check()

    return {"removals": removals_are_carried_out, "dates": dates_take_effect}

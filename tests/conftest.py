"""The servers every test shares: real PostgreSQL and real NATS, started once, when first asked for.

`postgres`: `databases = await postgres.fresh("contacts", "keystore")`, then
`databases.url("contacts", "app")` (names and roles: `ROLES` in deploy/local/databases.py).
`nats`: `nats.url`, `nats.seed_file`, `nats.address("contacts")` (a mission of its own each time).
`installation`: all four services as processes, an exercise with the demo's personas.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest
import uvloop
from argon2 import PasswordHasher

from deploy.local.layout import Layout
from deploy.local.secrets import make_secrets
from services.gateway.access import passwords
from services.gateway.web import rendering
from shared.memory import settled
from tests.stack.compiled import sharing
from tests.stack.installation import Installation, started_installation
from tests.stack.nats import TestNats
from tests.stack.postgres import TestPostgres
from tests.stack.running import run_nats, run_postgres
from tests.stack.servers import in_background, temporary_layout


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported to find the tests stays, as in a service that is about to serve."""
    settled(session)


@pytest.fixture(scope="session")
def _asyncio_loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """The services' own loop, in place of the plugin's fixture of this name.

    Its hook for this makes a parameter of the loop, by which tests that await nothing are set apart.
    """
    return uvloop.new_event_loop


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Gateways in this process hash in no time what takes long by design; those of an installation do not."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "HASHER", quick)
        yield


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> Iterator[None]:
    """Compiling them is most of what it takes to start a gateway and to show its first pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "_environment", sharing(rendering._environment))
        yield


@pytest.fixture(scope="session")
def layout() -> Iterator[Layout]:
    """State folder of the shared servers."""
    with temporary_layout() as made:
        make_secrets(made.secrets)
        yield made


@pytest.fixture(scope="session")
def postgres(layout: Layout) -> Iterator[TestPostgres]:
    """One server; `fresh` gives a test its own databases."""

    async def open_up(stop: asyncio.Event, made: "Future[TestPostgres]") -> None:
        await run_postgres(layout, stop, made)

    with in_background(open_up) as server:
        yield server


@pytest.fixture(scope="session")
def nats(layout: Layout) -> Iterator[TestNats]:
    """One server; each `address` is a stream of its own."""

    async def open_up(stop: asyncio.Event, made: "Future[TestNats]") -> None:
        await run_nats(layout, stop, made)

    with in_background(open_up) as server:
        yield server


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """All four services running, shared by the run: an exercise with personas and no records."""
    with started_installation() as running:
        yield running

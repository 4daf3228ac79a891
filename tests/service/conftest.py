"""An empty event store of its own for each test, and a relay's surroundings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from nats.aio.client import Client

from shared.bus import Address, open_bus
from shared.ending import ended
from shared.eventstore.store import EventStore, open_store
from tests.service.deciding_world import Caller, Installed
from tests.stack.nats import TestNats, new_mission

CONDITION_SECONDS = 20
LOOK_AGAIN_SECONDS = 0.01


@dataclass(frozen=True)
class StoreAddress:
    """Where one test's event store is: for the application, and for its owner."""

    app: str
    owner: str
    admin: str


@pytest.fixture
async def store_address(postgres) -> StoreAddress:
    fresh = await postgres.fresh("contacts")
    owner = fresh.url("contacts", "owner")
    admin = postgres.admin_url.rpartition("/")[0] + "/" + owner.rpartition("/")[2]
    return StoreAddress(fresh.url("contacts", "app"), owner, admin)


@pytest.fixture
async def store(store_address: StoreAddress) -> AsyncIterator[EventStore]:
    async with open_store(store_address.app) as opened:
        yield opened


@pytest.fixture
async def client(nats) -> AsyncIterator[Client]:
    async with open_bus(nats.url, None, name="test") as connected:
        yield connected


@pytest.fixture
def address(nats: TestNats) -> Address:
    return nats.address("contacts")


@pytest.fixture
async def installed(postgres, nats, layout) -> Installed:
    """What contacts and engagements of one test run on."""
    fresh = await postgres.fresh("contacts", "engagements", "keystore")
    return Installed(fresh, nats.url, new_mission(), layout.secrets)


@pytest.fixture
async def contacts(installed: Installed) -> AsyncIterator[Caller]:
    async with installed.contacts() as caller:
        yield caller


@pytest.fixture
async def engagements(installed: Installed) -> AsyncIterator[Caller]:
    async with installed.engagements() as caller:
        yield caller


@asynccontextmanager
async def running(*coroutines) -> AsyncIterator[list[asyncio.Task]]:
    """Run these until the block ends; a failure of one fails the block."""
    async with AsyncExitStack() as stack:
        tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
        for task in tasks:
            stack.push_async_callback(_end, task)
        yield tasks


async def until(condition) -> None:
    """Wait until `condition()` holds."""
    async with asyncio.timeout(CONDITION_SECONDS):
        while not condition():
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _end(task: asyncio.Task) -> None:
    """However often it must be cancelled. Raises what ended it before."""
    await ended(task)
    if not task.cancelled():
        task.result()

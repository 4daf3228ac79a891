"""Many orders about access at once, and a database that is busy: answered, and the gateway goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from shared import database
from shared.deciding import STORE_CONNECTIONS
from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World, run_world

SECONDS = 20
AT_ONCE = 3 * STORE_CONNECTIONS
WHY = {"reason": "For the exercise"}


@pytest.fixture
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url) as made:
        yield made


async def suspended(world: World, officer: dict[str, str], record_id: str) -> int:
    path = f"/v1/access/clients/{record_id}/suspend"
    answer, _ = await call(world, "POST", path, keyed(officer), WHY)
    return int(answer.status)


async def client_of(world: World, officer: dict[str, str], name: str) -> str:
    _, told = await call(world, "GET", f"/v1/access/clients?account={name}", officer)
    return str(told["items"][0]["id"])


async def test_more_orders_than_connections_are_all_carried_out(world: World) -> None:
    officer = await world.bearer("officer")
    ids = [await client_of(world, officer, name) for name in ("ann", "ben", "witness")]
    async with asyncio.timeout(SECONDS):
        told = await asyncio.gather(
            *(suspended(world, officer, ids[n % len(ids)]) for n in range(AT_ONCE))
        )
    assert set(told) <= {200, 409}  # the later ones find it suspended, or changed meanwhile


async def test_a_database_that_is_busy_stops_no_gateway(world: World, monkeypatch, caplog) -> None:
    """All its connections but one are taken for a while: whoever needs two of them waits in vain."""
    monkeypatch.setattr(database, "ACQUIRE_SECONDS", 0.2)
    officer = await world.bearer("officer")
    record_id, pool = await client_of(world, officer, "ann"), world.app.state.gateway.pool
    async with AsyncExitStack() as taken, asyncio.timeout(SECONDS):
        for _ in range(STORE_CONNECTIONS - 1):
            await taken.enter_async_context(pool.acquire())
        while "access was not brought up to date" not in caplog.text:
            await asyncio.sleep(0.05)
    assert await suspended(world, officer, record_id) == 200

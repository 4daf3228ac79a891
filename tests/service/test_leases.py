"""Leases: one holder at a time, and another as soon as the first stops or lets go."""

import asyncio

from shared.database import open_pool
from shared.leases import Lease

TAKEOVER_SECONDS = 5


async def test_a_lease_has_one_holder_until_it_is_released_or_runs_out(store_address) -> None:
    async with open_pool(store_address.app, connections=2) as pool:
        one, other = Lease(pool, "work"), Lease(pool, "work")
        assert await one.hold()
        assert not await other.hold()
        await one.release()
        assert await other.hold(0.1)
        async with asyncio.timeout(TAKEOVER_SECONDS):
            while not await one.hold():
                await asyncio.sleep(0.02)
        assert not await other.hold()


async def test_leases_of_different_work_do_not_meet(store_address) -> None:
    async with open_pool(store_address.app, connections=2) as pool:
        assert await Lease(pool, "work").hold()
        assert await Lease(pool, "other work").hold()

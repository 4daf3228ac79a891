"""What is appended is counted, in appends and in the batches that carried them."""

import asyncio

from shared.database import open_pool
from shared.eventstore.counted import CountedStore
from tests.stack.events import an_append

APPENDS = 20


async def test_appends_at_once_are_counted_and_so_are_their_batches(store_address) -> None:
    async with open_pool(store_address.app, connections=2) as pool:
        store = CountedStore(pool)
        await asyncio.gather(*(store.append(an_append()) for _ in range(APPENDS)))
        await store.close()
    counts = store.counts
    assert (counts.appends, counts.refused, counts.queued) == (APPENDS, 0, 0)
    assert 1 <= counts.batches < APPENDS

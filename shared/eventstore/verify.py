"""The checkers of the store's invariants: what must hold at any moment, and where it does not.

Those of the chain are in chain.py. Here: I5 each command names the event it ended with; I7 the stream
holds what the store holds; I8 the stream is not ahead.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import asyncpg
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.bus import Address
from shared.eventstore.chain import Breach, Walk
from shared.eventstore.model import Recorded
from shared.eventstore.reading_on import read_on
from shared.eventstore.store import EventStore
from shared.stream import difference, message_at

__all__ = ["Breach", "Progress", "verify_store", "verify_stream"]

PAGE = 1_000
# What reading a value raises, here or in the database, that nobody but a stranger can have put there.
UNREADABLE = (
    TypeError,
    ValueError,
    OverflowError,
    AttributeError,
    asyncpg.DataError,
    asyncpg.FeatureNotSupportedError,  # of moments that are infinite
)
# Messages asked of the bus at once.
AT_ONCE = 50

Progress = Callable[[int], None]


async def verify_store(store: EventStore, progress: Progress) -> list[Breach]:
    """Walks every event once. At most one breach per invariant: the first."""
    first: dict[str, Breach] = {}
    async with asyncio.TaskGroup() as group:
        around = group.create_task(store.loose_ends())
        await _walk(store, first, progress)
    for invariant, position, what in around.result():
        first.setdefault(invariant, Breach(invariant, position, what))
    return sorted(first.values(), key=lambda breach: breach.position)


async def verify_stream(
    store: EventStore, js: JetStreamContext, address: Address, progress: Progress
) -> list[Breach]:
    """Compares every message the stream holds with the store, byte for byte; stops at a breach."""
    try:
        state = (await js.stream_info(address.stream)).state
    except NotFoundError:
        return []
    head = await store.head()
    if state.last_seq > head.position:
        return [Breach("I8", head.position + 1, f"the stream is at {state.last_seq}")]
    async for page in _pages(store, after=max(state.first_seq - 1, 0), until=state.last_seq):
        for start in range(0, len(page), AT_ONCE):
            breaches = await _compared(js, address, page[start : start + AT_ONCE])
            if breaches:
                return breaches[:1]
        progress(page[-1].position)
    return []


async def _walk(store: EventStore, first: dict[str, Breach], progress: Progress) -> None:
    walk = Walk(await store.epoch_starts())
    try:
        async with aclosing(read_on(store.read_links)) as stretches:
            async for rows in stretches:
                for breach in walk.take(rows):
                    first.setdefault(breach.invariant, breach)
                progress(walk.position)
    except UNREADABLE:
        position = await _first_unreadable(store, walk.position)
        first.setdefault("I4", Breach("I4", position, "a value here cannot be read"))


async def _first_unreadable(store: EventStore, after: int) -> int:
    """The position after `after` that no event can be made of; it is there."""
    walk = Walk()
    while True:
        try:
            [row] = await store.read_links(after, 1)
            walk.take([row])
        except UNREADABLE:
            return after + 1
        after = row[0]


async def _compared(js: JetStreamContext, address: Address, events: list[Recorded]) -> list[Breach]:
    messages = await asyncio.gather(*(message_at(js, address, event.position) for event in events))
    told = zip(events, messages, strict=True)
    return [
        Breach("I7", event.position, what)
        for event, message in told
        if (what := difference(event, message))
    ]


async def _pages(
    store: EventStore, after: int = 0, until: int | None = None
) -> AsyncIterator[list[Recorded]]:
    while until is None or after < until:
        limit = PAGE if until is None else min(PAGE, until - after)
        page = await store.read_all(after, limit)
        if not page:
            return
        yield page
        after = page[-1].position

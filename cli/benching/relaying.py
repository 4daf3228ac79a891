"""`./parley bench relay`: from SQL to the stream / the same messages published without looking up."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count

from nats.aio.client import Client

from cli.benching.event_log import filled, one_append, open_log
from cli.benching.pairing import Figure, Side, compared
from cli.benching.result import Result
from cli.benching.throwaway import throwaway_bus
from shared.bus import Address, open_bus, to_headers
from shared.eventstore.model import Recorded
from shared.eventstore.store import EventStore
from shared.publishing import Publisher
from shared.relay import Relay
from shared.stream import ensure_stream
from shared.windows import WINDOW_EVENTS

EVENTS = 20_000
LOOK_SECONDS = 0.01
RUN_SECONDS = 120.0


async def relay(seed: int) -> list[Result]:
    """20,000 events, each time into a stream of their own."""
    async with open_log() as log, throwaway_bus(log.layout) as url, _connected(url) as client:
        await filled(log.store, [one_append() for _ in range(EVENTS)])
        events = await _all(log.store)
        numbers = count(1)

        def address() -> Address:
            return Address(f"bench{next(numbers)}", "hq", "contacts")

        ours, bare = _relayed(log.store, client, address), _published(events, client, address)
        return [await compared(Figure("relay", "events/s", 0.85), ours, bare)]


def _relayed(store: EventStore, client: Client, address: Callable[[], Address]) -> Side:
    async def run(seconds: float) -> float:
        loop = asyncio.get_running_loop()
        relaying = Relay(store, client, address())
        began = loop.time()
        task = asyncio.create_task(relaying.run())
        try:
            async with asyncio.timeout(RUN_SECONDS):
                while relaying.relayed < EVENTS:  # noqa: ASYNC110 - it tells nobody when it is done
                    await asyncio.sleep(LOOK_SECONDS)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        return EVENTS / (loop.time() - began)

    return run


def _published(events: Sequence[Recorded], client: Client, address: Callable[[], Address]) -> Side:
    """As many unacknowledged as the relay allows itself; every ack awaited."""
    home = Address("bench", "hq", "contacts")
    told = [(one.type, one.data, to_headers(one, home.source)) for one in events]

    async def run(seconds: float) -> float:
        loop = asyncio.get_running_loop()
        to = address()
        await ensure_stream(client.jetstream(), to)
        window: deque[asyncio.Future[int]] = deque()
        began = loop.time()
        async with Publisher(client) as publisher:
            for type_, body, headers in told:
                if len(window) >= WINDOW_EVENTS:
                    await window.popleft()
                window.append(await publisher.publish(to.subject(type_), body, headers))
            await asyncio.gather(*window)
        return EVENTS / (loop.time() - began)

    return run


async def _all(store: EventStore) -> list[Recorded]:
    found: list[Recorded] = []
    while page := await store.read_all(len(found), 1_000):
        found += page
    return found


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Client]:
    async with open_bus(url, None, name="bench") as client:
        yield client

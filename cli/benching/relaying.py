"""`./parley bench relay relay-durable`: from SQL to the stream / the same messages published as they are."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg

from cli.benching.event_log import filled, one_append, open_log
from cli.benching.pairing import Figure, Side, compared
from cli.benching.result import Result
from cli.benching.throwaway import throwaway_bus
from shared.bus import Address, open_bus, to_headers
from shared.eventstore.model import Recorded
from shared.eventstore.store import EventStore
from shared.relay import Relay
from shared.stream import SINGLE, Shape, ensure_stream
from shared.windows import WINDOW_EVENTS

EVENTS, FEWER = 20_000, 1_000
LOOK_SECONDS = 0.01
RUN_SECONDS = 120.0

Publish = Callable[[str, bytes, dict[str, str]], Awaitable[asyncio.Future[None]]]


@dataclass(frozen=True, slots=True)
class _Behind:
    """A store whose events no stream holds yet. `numbers`: of the streams made so far."""

    store: EventStore
    events: Sequence[Recorded]
    client: Client
    numbers: Iterator[int]

    def address(self) -> Address:
        return Address(f"bench{next(self.numbers)}", "hq", "contacts")


async def relay(seed: int) -> list[Result]:
    """20,000 events, each time into a stream of their own / the library's pipelined publishing."""
    async with _behind(sync_always=False) as behind:
        ours, bare = _relayed(behind, SINGLE), _published(behind, EVENTS)
        return [await compared(Figure("relay", "events/s", 0.85), ours, bare)]


async def relay_durable(seed: int) -> list[Result]:
    """A server that syncs every write: in atomic batches / the library's pipelined publishing."""
    async with _behind(sync_always=True) as behind:
        ours, bare = _relayed(behind, Shape(batches=True)), _published(behind, FEWER)
        return [await compared(Figure("relay-durable", "events/s", 5), ours, bare)]


@asynccontextmanager
async def _behind(*, sync_always: bool) -> AsyncIterator[_Behind]:
    async with (
        open_log() as log,
        throwaway_bus(log.layout, sync_always=sync_always) as url,
        open_bus(url, None, name="bench") as client,
    ):
        await filled(log.store, [one_append() for _ in range(EVENTS)])
        yield _Behind(log.store, await _all(log.store), client, count(1))


def _relayed(behind: _Behind, shape: Shape) -> Side:
    async def run(seconds: float) -> float:
        loop = asyncio.get_running_loop()
        relaying = Relay(behind.store, behind.client, behind.address(), shape=shape)
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


def _published(behind: _Behind, number: int) -> Side:
    """As the client library publishes, as many unacknowledged as the relay allows itself."""
    told = [
        (one.type, one.data, to_headers(one, behind.address().source))
        for one in behind.events[:number]
    ]

    async def run(seconds: float) -> float:
        loop = asyncio.get_running_loop()
        to = behind.address()
        await ensure_stream(behind.client.jetstream(), to)
        window: deque[asyncio.Future[None]] = deque()
        began = loop.time()
        async with _acknowledging(behind.client) as publish:
            for type_, body, headers in told:
                if len(window) >= WINDOW_EVENTS:
                    await window.popleft()
                window.append(await publish(to.subject(type_), body, headers))
            await asyncio.gather(*window)
        return number / (loop.time() - began)

    return run


@asynccontextmanager
async def _acknowledging(client: Client) -> AsyncIterator[Publish]:
    """Publishes, and gives a future for the ack: what the library's own does, with less about it."""
    inbox, numbers = client.new_inbox(), count(1)
    waiting: dict[str, asyncio.Future[None]] = {}

    async def hear(message: Msg) -> None:
        if "seq" not in orjson.loads(message.data):
            raise ConnectionError("the server refused a message")
        waiting.pop(message.subject).set_result(None)

    async def publish(subject: str, body: bytes, headers: dict[str, str]) -> asyncio.Future[None]:
        reply = f"{inbox}.{next(numbers)}"
        waiting[reply] = asyncio.get_running_loop().create_future()
        await client.publish(subject, body, reply=reply, headers=headers)
        return waiting[reply]

    subscription = await client.subscribe(f"{inbox}.*", cb=hear)
    try:
        yield publish
    finally:
        await subscription.unsubscribe()


async def _all(store: EventStore) -> list[Recorded]:
    found: list[Recorded] = []
    while page := await store.read_all(len(found), 1_000):
        found += page
    return found

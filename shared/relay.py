"""From the event store to the stream, in order, each event at the sequence that is its position.

The relay keeps no cursor: it asks the stream for its last sequence, compares hashes there, and goes on.
Two relays at once are harmless: what they publish is the same, and the server fences them by sequence.
"""

import asyncio
import logging
from collections import deque

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError

from shared.bus import REQUEST_SECONDS, Address, to_headers
from shared.eventstore.model import Recorded
from shared.eventstore.store import EventStore
from shared.publishing import ACK_SECONDS, Publisher, RefusedError
from shared.stream import DriftedError, ensure_stream, message_at

READ_EVENTS = 500
WINDOW = 256
POLL_SECONDS = 0.5
RETRY_SECONDS = 0.5
HALT_SECONDS = 5.0

_log = logging.getLogger(__name__)


class HaltedError(Exception):
    """The stream and the store disagree; going on would spread it."""


class Relay:
    """One per process of a deciding service. `run` never returns; cancel it."""

    def __init__(self, store: EventStore, client: Client, address: Address) -> None:
        self._store = store
        self._client = client
        self._js: JetStreamContext = client.jetstream(timeout=REQUEST_SECONDS)
        self._address = address
        self.halted: str | None = None

    async def check(self) -> None:
        """For health: raises when halted."""
        if self.halted:
            raise HaltedError(self.halted)

    async def run(self) -> None:
        while True:
            try:
                await self._follow()
            except (HaltedError, DriftedError) as halt:
                self.halted = str(halt)
                _log.error("relay halted", extra={"reason": self.halted})
                await asyncio.sleep(HALT_SECONDS)
            except (RefusedError, APIError, NatsError, OSError, TimeoutError) as fault:
                _log.warning("relay starts over", extra={"error": type(fault).__name__})
                await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self) -> None:
        """Bring the stream up to the store, then wait for more. Reading overlaps with acks."""
        relayed = await self._agree()
        self.halted = None
        async with Publisher(self._client) as publisher:
            reading = self._read(relayed)
            try:
                while True:
                    events = await reading
                    relayed = events[-1].position if events else relayed
                    if not events:
                        await self._wait()
                    reading = self._read(relayed)
                    await self._publish(publisher, events)
            finally:
                reading.cancel()

    def _read(self, after: int) -> "asyncio.Task[list[Recorded]]":
        return asyncio.create_task(self._store.read_all(after, READ_EVENTS))

    async def _agree(self) -> int:
        """The stream's last sequence, after checking that it is ours."""
        info = await ensure_stream(self._js, self._address)
        last = info.state.last_seq
        head = await self._store.head()
        if last > head.position:
            raise HaltedError(f"the stream is at {last}, ahead of the store at {head.position}")
        message = await message_at(self._js, self._address, last) if last else None
        if message is not None:
            stored = await self._store.read_all(last - 1, 1)
            told = (message.headers or {}).get("Es-Hash")
            if not stored or stored[0].hash.hex() != told:
                raise HaltedError(f"the stream and the store differ at position {last}")
        return last

    async def _wait(self) -> None:
        self._store.appended.clear()
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._store.appended.wait()
        except TimeoutError:
            return  # another process may have appended

    async def _publish(self, publisher: Publisher, events: list[Recorded]) -> None:
        """Publish in order, at most WINDOW unacknowledged; every ack is checked."""
        window: deque[tuple[int, asyncio.Future[int]]] = deque()
        for event in events:
            if len(window) >= WINDOW:
                await _acknowledged(*window.popleft())
            headers = to_headers(event, self._address.source)
            # The fence: the server stores this message only right behind its predecessor.
            headers["Nats-Expected-Last-Sequence"] = str(event.position - 1)
            subject = self._address.subject(event.type)
            window.append((event.position, await publisher.publish(subject, event.data, headers)))
        while window:
            await _acknowledged(*window.popleft())


async def _acknowledged(position: int, future: "asyncio.Future[int]") -> None:
    async with asyncio.timeout(ACK_SECONDS):
        sequence = await future
    if sequence != position:
        raise HaltedError(f"position {position} was stored at sequence {sequence}")

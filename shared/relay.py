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
from shared.errors import BusyError, HealthError
from shared.eventstore.model import Recorded
from shared.eventstore.store import EventStore
from shared.publishing import ACK_SECONDS, Publisher, RefusedError
from shared.stream import DriftedError, difference, ensure_stream, message_at

READ_EVENTS = 500
WINDOW_EVENTS = 256
POLL_SECONDS = 0.5
RETRY_SECONDS = 0.5
HALT_SECONDS = 5.0
STUCK_SECONDS = 10.0

Window = deque[tuple[int, "asyncio.Future[int]"]]

_log = logging.getLogger(__name__)


class HaltedError(HealthError):
    """The stream and the store disagree; going on would spread it."""

    code = "halted"


class StuckError(HealthError):
    """Nothing could be relayed for a while."""

    code = "stuck"


class Relay:
    """One per process of a deciding service. `run` never returns; cancel it."""

    def __init__(
        self,
        store: EventStore,
        client: Client,
        address: Address,
        *,
        stuck_seconds: float = STUCK_SECONDS,
    ) -> None:
        self._store = store
        self._stuck_seconds = stuck_seconds
        self._client = client
        self._js: JetStreamContext = client.jetstream(timeout=REQUEST_SECONDS)
        self._address = address
        self._failing_since: float | None = None
        self.relayed = 0
        self.halted: str | None = None

    async def check(self) -> None:
        """For health: raises when halted, or when every try has failed for `stuck_seconds`."""
        if self.halted:
            raise HaltedError(self.halted)
        since = self._failing_since
        if since is not None and _now() - since > self._stuck_seconds:
            raise StuckError(f"nothing is relayed after position {self.relayed}")

    @property
    def failing(self) -> bool:
        """Whether the last try came to nothing."""
        return self._failing_since is not None

    async def lag(self) -> int:
        """How many events the stream does not hold yet, as far as this relay knows."""
        return (await self._store.head()).position - self.relayed

    async def run(self) -> None:
        while True:
            try:
                await self._follow()
            except (HaltedError, DriftedError) as halt:
                self.halted = str(halt)
                _log.error("relay halted", extra={"reason": self.halted})
                await asyncio.sleep(HALT_SECONDS)
            except (RefusedError, APIError, NatsError, BusyError, OSError, TimeoutError) as fault:
                self._failing_since = self._failing_since or _now()
                _log.warning("relay starts over", extra={"error": type(fault).__name__})
                await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self) -> None:
        """Bring the stream up to the store, then wait for more. Reading overlaps with acks."""
        self.relayed = last = await self._agree()
        self.halted = None
        window: Window = deque()
        async with Publisher(self._client) as publisher:
            reading = self._read(last)
            try:
                while True:
                    if events := await reading:
                        last = events[-1].position
                        reading = self._read(last)
                        await self._publish(publisher, events, window)
                    else:
                        await self._settle(window)
                        await self._wait()
                        reading = self._read(last)
            finally:
                reading.cancel()

    def _read(self, after: int) -> "asyncio.Task[list[Recorded]]":
        self._store.appended.clear()  # before reading: what comes from now on wakes us if unread
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
            if not stored or difference(stored[0], message):
                raise HaltedError(f"the stream and the store differ at position {last}")
        return last

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._store.appended.wait()
        except TimeoutError:
            return  # another process may have appended

    async def _publish(self, publisher: Publisher, events: list[Recorded], window: Window) -> None:
        """Publish in order, at most WINDOW_EVENTS unacknowledged; every ack is checked."""
        for event in events:
            if len(window) >= WINDOW_EVENTS:
                await self._acknowledged(window)
            headers = to_headers(event, self._address.source)
            # The fence: the server stores this message only right behind its predecessor.
            headers["Nats-Expected-Last-Sequence"] = str(event.position - 1)
            subject = self._address.subject(event.type)
            window.append((event.position, await publisher.publish(subject, event.data, headers)))

    async def _settle(self, window: Window) -> None:
        """All is published: see every ack."""
        while window:
            await self._acknowledged(window)
        self._failing_since = None

    async def _acknowledged(self, window: Window) -> None:
        position, future = window.popleft()
        async with asyncio.timeout(ACK_SECONDS):
            sequence = await future
        if sequence != position:
            raise HaltedError(f"position {position} was stored at sequence {sequence}")
        self.relayed = position
        self._failing_since = None


def _now() -> float:
    """Seconds, of no particular day."""
    return asyncio.get_running_loop().time()

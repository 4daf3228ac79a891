"""Publishing stored events in order: so many unacknowledged at once, and every ack checked."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from shared.bus import Address, filler, to_headers
from shared.eventstore.model import Recorded
from shared.ids import new_bytes
from shared.publishing import ACK_SECONDS, Publisher
from shared.stream import HaltedError

WINDOW_EVENTS = 256
# With fewer a batch gains little; the server takes up to a thousand.
BATCH_LEAST, BATCH_MOST = 64, 500
# The type in the subject of what stands at a void position.
VOID = "void"

Reached = Callable[[int], None]
# Position, subject, body, headers.
Outgoing = tuple[int, str, bytes, dict[str, str]]


class MisplacedError(HaltedError):
    """The server acknowledged an event at a place that is not its position."""

    code = "stream_misplaced"


class Window:
    """`last`: what the stream holds. `reached` hears of every position that is acknowledged."""

    def __init__(
        self,
        publisher: Publisher,
        address: Address,
        last: int,
        reached: Reached,
        *,
        batches: bool = False,
    ) -> None:
        self._batches = batches
        self._publisher = publisher
        self._address = address
        self._reached = reached
        self.last = last
        self._unseen: deque[tuple[int, asyncio.Future[int]]] = deque()

    async def publish(self, events: Sequence[Recorded]) -> None:
        """In order, and a filler at each position that was declared void."""
        if self._batches and len(events) >= BATCH_LEAST:
            await self.settle()
            outgoing = list(self._outgoing(events))
            for start in range(0, len(outgoing), BATCH_MOST):
                await self._send_batch(outgoing[start : start + BATCH_MOST])
            return
        for message in self._outgoing(events):
            await self._send(*message)

    def _outgoing(self, events: Sequence[Recorded]) -> Iterator[Outgoing]:
        after = self.last
        for event in events:
            for place in range(after + 1, event.position):
                yield place, self._address.subject(VOID), b"", filler(place)
            headers = to_headers(event, self._address.source)
            yield event.position, self._address.subject(event.type), event.data, headers
            after = event.position

    async def _send_batch(self, messages: Sequence[Outgoing]) -> None:
        """All or none, fenced by the first, acknowledged by the last: one sync instead of hundreds."""
        batch = new_bytes(16).hex()
        for number, (position, subject, body, headers) in enumerate(messages, start=1):
            headers["Nats-Batch-Id"], headers["Nats-Batch-Sequence"] = batch, str(number)
            if number == 1:
                headers["Nats-Expected-Last-Sequence"] = str(self.last)
            if number < len(messages):
                await self._publisher.add(subject, body, headers)
                continue
            headers["Nats-Batch-Commit"] = "1"
            self._unseen.append((position, await self._publisher.publish(subject, body, headers)))
            self.last = position
        await self._acknowledged()

    async def settle(self) -> None:
        """All is published: see every ack."""
        while self._unseen:
            await self._acknowledged()

    async def _send(
        self, position: int, subject: str, body: bytes, headers: dict[str, str]
    ) -> None:
        if len(self._unseen) >= WINDOW_EVENTS:
            await self._acknowledged()
        # The fence: the server stores this message only right behind its predecessor.
        headers["Nats-Expected-Last-Sequence"] = str(self.last)
        sent = await self._publisher.publish(subject, body, headers)
        self._unseen.append((position, sent))
        self.last = position

    async def _acknowledged(self) -> None:
        position, future = self._unseen.popleft()
        async with asyncio.timeout(ACK_SECONDS):
            sequence = await future
        if sequence != position:
            raise MisplacedError(f"position {position} was stored at sequence {sequence}")
        self._reached(position)

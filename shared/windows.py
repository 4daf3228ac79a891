"""Publishing stored events in order: so many unacknowledged at once, and every ack checked."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from shared.bus import Address, filler, to_headers
from shared.eventstore.model import Recorded
from shared.publishing import ACK_SECONDS, Publisher
from shared.stream import HaltedError

WINDOW_EVENTS = 256
# The type in the subject of what stands at a void position.
VOID = "void"

Reached = Callable[[int], None]


class MisplacedError(HaltedError):
    """The server acknowledged an event at a place that is not its position."""

    code = "stream_misplaced"


class Window:
    """`last`: what the stream holds. `reached` hears of every position that is acknowledged."""

    def __init__(self, publisher: Publisher, address: Address, last: int, reached: Reached) -> None:
        self._publisher = publisher
        self._address = address
        self._reached = reached
        self.last = last
        self._unseen: deque[tuple[int, asyncio.Future[int]]] = deque()

    async def publish(self, events: Sequence[Recorded]) -> None:
        """In order, and a filler at each position that was declared void."""
        source = self._address.source
        for event in events:
            while self.last + 1 < event.position:
                place = self.last + 1
                await self._send(place, self._address.subject(VOID), b"", filler(place))
            subject = self._address.subject(event.type)
            await self._send(event.position, subject, event.data, to_headers(event, source))

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

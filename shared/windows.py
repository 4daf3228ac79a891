"""Publishing stored events in order: so many unacknowledged at once, and every ack checked."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from shared.bus import Address, filler, to_headers
from shared.eventstore.model import Recorded
from shared.publishing import ACK_SECONDS, MisplacedError, Outgoing, Publisher

__all__ = ["WINDOW_EVENTS", "MisplacedError", "Window"]

WINDOW_EVENTS = 256
# Sent and waited for together: at most so many, and about so much.
GROUP_EVENTS, GROUP_BYTES = 64, 1024 * 1024
# With fewer a batch gains little; the server takes up to a thousand.
BATCH_LEAST, BATCH_MOST = 64, 500
# The server writes one to disk while the next are spelled and sent. A batch behind a refused one is refused
# as well: its fence names a sequence that only the whole of the other leads to.
BATCHES_UNSEEN = 3
# The type in the subject of what stands at a void position.
VOID = "void"

Reached = Callable[[int], None]


class Window:
    """`last`: what was sent. `reached` hears how far all is acknowledged."""

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
        self._unseen: deque[tuple[int, int, asyncio.Future[None]]] = deque()
        self._unseen_events = 0

    async def publish(self, events: Sequence[Recorded]) -> None:
        """In order, and a filler at each position that was declared void."""
        if self._batches and len(events) >= BATCH_LEAST:
            outgoing = list(self._outgoing(events))
            for start in range(0, len(outgoing), BATCH_MOST):
                await self._leave_unseen(BATCHES_UNSEEN - 1)
                messages = outgoing[start : start + BATCH_MOST]
                self._sent(messages, await self._publisher.publish_atomically(messages))
            return
        for messages in _grouped(self._outgoing(events)):
            while self._unseen and self._unseen_events + len(messages) > WINDOW_EVENTS:
                await self._acknowledged()
            self._sent(messages, await self._publisher.publish(messages))

    async def settle(self) -> None:
        """All is published: see every ack."""
        await self._leave_unseen(0)

    async def _leave_unseen(self, most: int) -> None:
        while len(self._unseen) > most:
            await self._acknowledged()

    def _outgoing(self, events: Sequence[Recorded]) -> Iterator[Outgoing]:
        after, address = self.last, self._address
        for event in events:
            for place in range(after + 1, event.position):
                yield Outgoing(place, address.subject(VOID), b"", filler(place))
            headers = to_headers(event, address.source)
            yield Outgoing(event.position, address.subject(event.type), event.data, headers)
            after = event.position

    def _sent(self, messages: Sequence[Outgoing], acknowledged: asyncio.Future[None]) -> None:
        self.last = messages[-1].position
        self._unseen.append((self.last, len(messages), acknowledged))
        self._unseen_events += len(messages)

    async def _acknowledged(self) -> None:
        position, count, future = self._unseen.popleft()
        self._unseen_events -= count
        async with asyncio.timeout(ACK_SECONDS):
            await future
        self._reached(position)


def _grouped(outgoing: Iterator[Outgoing]) -> Iterator[list[Outgoing]]:
    group: list[Outgoing] = []
    size_bytes = 0
    for message in outgoing:
        group.append(message)
        size_bytes += len(message.body)
        if len(group) == GROUP_EVENTS or size_bytes >= GROUP_BYTES:
            yield group
            group, size_bytes = [], 0
    if group:
        yield group

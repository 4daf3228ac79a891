"""Group commit: callers queue, whoever finds the lane free carries what has gathered.

While one batch is in flight the next gathers; when enough has, a second lane takes it, so that the
database works on one batch while the answers of the other are told. What is in flight holds at most
one append per stream and per command. A batch that fails for what is in it is halved until the poison
is alone, so neighbours never pay for it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import cast

import asyncpg

from shared.database import is_passing
from shared.eventstore.batch import Prepared
from shared.eventstore.errors import QueueFullError, UnstorableError
from shared.eventstore.model import Append, Appended
from shared.eventstore.pace import Pace
from shared.eventstore.storable import check_storable

BATCH_APPENDS = 512
BATCH_BYTES = 4 * 1024 * 1024
QUEUE_APPENDS = 8_192
QUEUE_BYTES = 64 * 1024 * 1024
LANES = 2
# Fewer than this are better off waiting for the batch in flight than travelling in two small ones.
WORTH_A_LANE = 24

# Longer than this nobody is made to wait; whoever came first is still served.
WAIT_SECONDS = 1.0
# Appends of one busy stream stand in each other's way; looking past them all would cost more than it gains.
LOOKED_AT = 4 * BATCH_APPENDS

Verdict = tuple[str, Appended]
Send = Callable[[Sequence[Prepared]], Awaitable[list[Verdict]]]


@dataclass(slots=True)
class _Waiting:
    prepared: Prepared
    names: tuple[Hashable, ...]
    verdict: asyncio.Future[Verdict]


class Appender:
    """One per process. `send` appends a batch in one transaction and tells the verdicts."""

    def __init__(self, send: Send, pace: Pace | None = None) -> None:
        self._send = send
        self._queue: deque[_Waiting] = deque()
        self._queued_bytes = 0
        self._lanes: set[asyncio.Task[None]] = set()
        self._carrying = 0
        self._names: set[Hashable] = set()
        self._pace = pace or Pace()

    async def append(self, append: Append) -> Verdict:
        """Raises QueueFullError or UnstorableError before anything is queued."""
        check_storable(append)
        loop = asyncio.get_running_loop()
        if self._is_full(loop.time()):
            raise QueueFullError
        waiting = _Waiting(Prepared(append), _names(append), loop.create_future())
        self._queue.append(waiting)
        self._queued_bytes += waiting.prepared.size_bytes
        self._open_lanes()
        return await waiting.verdict

    async def close(self) -> None:
        """Wait for what is queued."""
        while self._lanes:
            await asyncio.gather(*self._lanes)

    def _open_lanes(self) -> None:
        """The first for whoever comes, the second for enough of them."""
        if not self._lanes or (len(self._lanes) < LANES and len(self._queue) >= WORTH_A_LANE):
            self._lanes.add(asyncio.create_task(self._drive()))

    def _is_full(self, now: float) -> bool:
        """A whole batch may always gather: one slow append must not turn everybody away."""
        queued = len(self._queue)
        if queued < BATCH_APPENDS and self._queued_bytes < BATCH_BYTES:
            return False
        too_much = queued >= QUEUE_APPENDS or self._queued_bytes >= QUEUE_BYTES
        return too_much or self._pace.wait_seconds(queued, now) > WAIT_SECONDS

    async def _drive(self) -> None:
        """A lane: closed in the very step that finds nothing to carry, so that the next caller opens one."""
        try:
            while batch := self._gather():
                self._open_lanes()
                await self._fly(batch)
        finally:
            self._lanes.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _fly(self, batch: list[_Waiting]) -> None:
        loop = asyncio.get_running_loop()
        self._carrying += 1
        self._pace.begins(len(batch), loop.time())
        try:
            await self._carry(batch)
        finally:
            self._pace.ends(len(batch), loop.time())
            self._carrying -= 1
            self._names.difference_update(*(waiting.names for waiting in batch))

    def _gather(self) -> list[_Waiting]:
        """The next batch; what meets a stream or command already under way stays for a later one."""
        batch: list[_Waiting] = []
        later: list[_Waiting] = []
        taken, size_bytes = self._names, 0
        wanted = self._share()
        for _ in range(min(len(self._queue), LOOKED_AT)):
            if len(batch) >= wanted or size_bytes >= BATCH_BYTES:
                break
            waiting = self._queue.popleft()
            if taken.isdisjoint(waiting.names):
                taken.update(waiting.names)
                batch.append(waiting)
                size_bytes += waiting.prepared.size_bytes
            else:
                later.append(waiting)
        self._queue.extendleft(reversed(later))
        self._queued_bytes -= size_bytes
        return batch

    def _share(self) -> int:
        """All that has gathered, or as much as leaves the other lane the same."""
        queued = len(self._queue)
        if queued >= WORTH_A_LANE:
            queued = -(-queued // (LANES - self._carrying))
        return min(queued, BATCH_APPENDS)

    async def _carry(self, batch: list[_Waiting]) -> None:
        try:
            verdicts = await self._send([waiting.prepared for waiting in batch])
        except asyncio.CancelledError:
            _tell_error(batch, ConnectionError("the appender was stopped"))
            raise
        except Exception as error:  # noqa: BLE001 - every caller must learn of it, whatever it is
            await self._part(batch, error)
        else:
            for waiting, verdict in zip(batch, verdicts, strict=True):
                if not waiting.verdict.done():
                    waiting.verdict.set_result(verdict)

    async def _part(self, batch: list[_Waiting], error: Exception) -> None:
        """Find whose fault it is, unless it is the database's."""
        if is_passing(error):
            _tell_error(batch, error)
        elif len(batch) == 1:
            _tell_error(batch, _lone(error))
        else:
            middle = len(batch) // 2
            await self._carry(batch[:middle])
            await self._carry(batch[middle:])


def _names(append: Append) -> tuple[Hashable, ...]:
    """What no two appends under way may share: each is judged by the state before its batch."""
    mark = append.command
    return (append.stream_id, mark.command_id) if mark else (append.stream_id,)


def _lone(error: Exception) -> Exception:
    """The driver's words may hold what was sent, so they go no further."""
    if isinstance(error, asyncpg.DataError | ValueError):
        return UnstorableError("This event cannot be kept as it is written.")
    return error


def _tell_error(batch: Sequence[_Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.verdict.done():
            waiting.verdict.set_exception(error)

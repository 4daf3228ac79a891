"""Group commit: callers queue, whoever finds the lane free carries what has gathered.

While one batch is in flight the next gathers. A batch holds at most one append per stream. A batch
that fails as a whole is halved until the poison is alone, so neighbours never pay for it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg

from shared.eventstore.batch import Prepared
from shared.eventstore.errors import QueueFullError, UnstorableError
from shared.eventstore.model import Append, Appended

BATCH_APPENDS = 512
BATCH_BYTES = 4 * 1024 * 1024
QUEUE_APPENDS = 8_192
EVENT_BYTES = 1024 * 1024

Verdict = tuple[str, Appended]
Send = Callable[[Sequence[Prepared]], Awaitable[list[Verdict]]]


@dataclass(slots=True)
class _Waiting:
    prepared: Prepared
    verdict: asyncio.Future[Verdict]


class Appender:
    """One per process. `send` appends a batch in one transaction and tells the verdicts."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._queue: deque[_Waiting] = deque()
        self._driving: asyncio.Task[None] | None = None

    async def append(self, append: Append) -> Verdict:
        """Raises QueueFullError before anything is queued, UnstorableError for oversize."""
        _check(append)
        if len(self._queue) >= QUEUE_APPENDS:
            raise QueueFullError
        waiting = _Waiting(Prepared(append), asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._driving is None or self._driving.done():
            self._driving = asyncio.create_task(self._drive())
        return await waiting.verdict

    async def close(self) -> None:
        """Wait for what is queued."""
        if self._driving is not None:
            await self._driving

    async def _drive(self) -> None:
        while self._queue:
            await self._carry(self._gather())

    def _gather(self) -> list[_Waiting]:
        """The next batch; a second append to one stream stays for the batch after."""
        batch: list[_Waiting] = []
        later: list[_Waiting] = []
        streams: set[str] = set()
        size_bytes = 0
        while self._queue and len(batch) < BATCH_APPENDS and size_bytes < BATCH_BYTES:
            waiting = self._queue.popleft()
            stream = waiting.prepared.append.stream_id
            if stream in streams:
                later.append(waiting)
                continue
            streams.add(stream)
            batch.append(waiting)
            size_bytes += waiting.prepared.size_bytes
        self._queue.extendleft(reversed(later))
        return batch

    async def _carry(self, batch: list[_Waiting]) -> None:
        try:
            verdicts = await self._send([waiting.prepared for waiting in batch])
        except asyncpg.DataError as error:
            await self._halve(batch, error)
        except BaseException as error:  # every caller must learn of it, whatever it is
            for waiting in batch:
                _tell_error(waiting, error)
            if isinstance(error, asyncio.CancelledError):
                raise
        else:
            for waiting, verdict in zip(batch, verdicts, strict=True):
                if not waiting.verdict.done():
                    waiting.verdict.set_result(verdict)

    async def _halve(self, batch: list[_Waiting], error: asyncpg.DataError) -> None:
        if len(batch) == 1:
            _tell_error(batch[0], UnstorableError(f"The store refused this event: {error}."))
            return
        middle = len(batch) // 2
        await self._carry(batch[:middle])
        await self._carry(batch[middle:])


def _check(append: Append) -> None:
    for event in append.events:
        if len(event.data) + len(event.meta) > EVENT_BYTES:
            raise UnstorableError("One event is larger than a record may be (1 MiB).")


def _tell_error(waiting: _Waiting, error: BaseException) -> None:
    if not waiting.verdict.done():
        waiting.verdict.set_exception(
            error if isinstance(error, Exception) else ConnectionError("the appender was stopped")
        )

"""From a stream to a handler, in order and without gaps, from the handler's own checkpoint.

An ephemeral pull consumer without acks: the checkpoint is the handler's, moved in its own
transaction. Each message's position must follow the one before; on a gap, a lost or stalled consumer,
or a message lost on its way, it starts again from what the handler last took.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError, NotFoundError

from shared.bus import REQUEST_SECONDS, Address, from_message, is_filler
from shared.epoch_events import opening_in
from shared.eventstore.model import Recorded
from shared.ids import new_bytes

FETCH_EVENTS = 500
INACTIVE_SECONDS = 60.0

Handler = Callable[[list[Recorded]], Awaitable[None]]
Quiet = Callable[[], Awaitable[None]]

_log = logging.getLogger(__name__)


class GapError(Exception):
    """The stream does not hold what follows the checkpoint: its relay heals it, or a cold rebuild helps."""


class ForkedError(Exception):
    """What was read up to the checkpoint is void: a restored store opened another epoch before it."""


class _StartAgainError(Exception):
    """This consumer is no longer to be trusted."""


@dataclass(frozen=True, slots=True)
class Pace:
    """After how much silence to ask whether all is well, and how long to rest before starting again."""

    silence_seconds: float = 2.0
    rest_seconds: float = 0.5


class Consumer:
    """Reads one stream. Errors of the handler go through to the caller of `run`."""

    def __init__(self, client: Client, address: Address, pace: Pace | None = None) -> None:
        self._js: JetStreamContext = client.jetstream(timeout=REQUEST_SECONDS)
        self._address = address
        self._pace = pace or Pace()
        self._quiet: Quiet | None = None
        self._missed_at: int | None = None
        self._pending = False
        self._lineage = Lineage(0, 0)
        self._at = 0
        self.reached = 0
        self.connected = False

    async def head(self) -> int:
        """Position of the last event the stream holds. Raises NotFoundError when there is no stream."""
        return (await self._js.stream_info(self._address.stream)).state.last_seq

    async def run(
        self, start_after: int, handle: Handler, quiet: Quiet | None = None, epoch: int = 0
    ) -> None:
        """Give `handle` every event after position `start_after`, in batches, for ever.

        `epoch`: the one `start_after` was read in; 0 where nothing was. `quiet` is called now and then while
        it is certain that there is nothing to give. Raises GapError when the stream holds later events, but
        not the next; ForkedError when what was read up to `start_after` stands no more.
        """
        self.reached, self._quiet = start_after, quiet
        self._lineage = Lineage(start_after, epoch)
        self._missed_at, self._pending = None, False
        while True:
            async with aclosing(self._batches()) as batches:
                while events := await self._next(batches):
                    await handle(events)
                    self.reached = events[-1].position
                    self._lineage.take(events[-1])
            await asyncio.sleep(self._pace.rest_seconds)

    async def _next(self, batches: AsyncGenerator[list[Recorded], None]) -> list[Recorded]:
        """The next batch, or none when it must be started again."""
        try:
            return await anext(batches)
        except NotFoundError:
            self.connected = False  # the stream is not there yet
        except (_StartAgainError, APIError, NatsError, OSError, TimeoutError) as fault:
            self.connected = False
            _log.info("consumer starts again", extra={"error": type(fault).__name__})
        return []

    async def _batches(self) -> AsyncGenerator[list[Recorded], None]:
        """What one consumer of the server's gives, never an empty batch."""
        name = f"{self._address.service}-{new_bytes(8).hex()}"
        self._at = self.reached
        await self._check_held()
        await self._js.add_consumer(self._address.stream, self._configuration(name))
        subscription = await self._js.pull_subscribe_bind(
            consumer=name, stream=self._address.stream
        )
        self.connected = True
        try:
            while True:
                messages = await self._fetch(subscription, name)
                if events := self._in_order(messages):
                    yield events
        finally:
            with suppress(NatsError):
                await subscription.unsubscribe()

    async def _fetch(self, subscription: JetStreamContext.PullSubscription, name: str) -> list[Msg]:
        _heed_cancelling()
        try:
            messages = await subscription.fetch(FETCH_EVENTS, timeout=self._pace.silence_seconds)
        except TimeoutError:
            await self._check_alive(name)
            return []
        _heed_cancelling()
        self._pending = False
        return messages

    async def _check_alive(self, name: str) -> None:
        """In silence either nothing happened, or the consumer is gone, stalls, or gave what never arrived."""
        info = await self._js.consumer_info(self._address.stream, name)
        given = info.delivered.stream_seq if info.delivered else 0
        # Once may be an event of this very moment.
        stalls, self._pending = self._pending and bool(info.num_pending), bool(info.num_pending)
        if stalls or given > self._at:
            raise _StartAgainError
        if self._quiet and not self._pending:
            await self._quiet()

    async def _check_held(self) -> None:
        state = (await self._js.stream_info(self._address.stream)).state
        if state.first_seq > self.reached + 1 and state.last_seq > self.reached:
            raise GapError(
                f"{self._address.stream} begins at {state.first_seq}, after {self.reached + 1}"
            )

    def _in_order(self, messages: list[Msg]) -> list[Recorded]:
        """What is new of `messages`, up to the first that does not follow. Fillers are passed over."""
        events: list[Recorded] = []
        began = self._at
        for message in messages:
            if is_filler(message.headers or {}, self._at + 1):
                self._at += 1
                continue
            event = _read(message)
            if event is None or event.position > self._at + 1:
                break
            if event.position <= self._at:
                continue
            self._lineage.check(event, events[-1].position if events else self.reached)
            events.append(event)
            self._at = event.position
        else:
            return events
        return events if self._at > began else self._missed()

    def _missed(self) -> list[Recorded]:
        """Once it was lost on its way; given again without it, the stream does not hold it."""
        if self._missed_at == self.reached:
            raise GapError(f"{self._address.stream} does not hold position {self.reached + 1}")
        self._missed_at = self.reached
        raise _StartAgainError

    def _configuration(self, name: str) -> ConsumerConfig:
        return ConsumerConfig(
            name=name,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self.reached + 1,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=INACTIVE_SECONDS,
            mem_storage=True,
            num_replicas=1,
        )


class Lineage:
    """The history that was read up to a checkpoint, and whether what comes next goes on with it."""

    def __init__(self, start_after: int, epoch: int) -> None:
        self._began = start_after
        self._epoch = epoch

    def take(self, event: Recorded) -> None:
        self._epoch = event.epoch

    def check(self, event: Recorded, last: int) -> None:
        """`last`: what was read before `event`. Raises ForkedError."""
        if self._epoch == 0 or event.epoch == self._epoch:
            self._epoch = event.epoch
            return
        opening = opening_in(event)
        doubtful = opening is not None and opening.agreed < self._began
        if opening is None or doubtful or opening.follows != last:
            raise ForkedError(f"epoch {event.epoch} does not follow what was read up to {last}")
        self._epoch = event.epoch


def _read(message: Msg) -> Recorded | None:
    """Nothing when it is no event of ours: as good as missing, until the relay has healed the stream."""
    try:
        return from_message(message.data, message.headers or {})
    except (KeyError, ValueError):
        return None


def _heed_cancelling() -> None:
    """The library waits with `asyncio.wait_for`, which before Python 3.12 can lose a cancellation."""
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError

"""From a stream to a handler, in order and without gaps, from the handler's own checkpoint.

An ephemeral pull consumer without acks: the checkpoint is the handler's, moved in its own
transaction. Each message's position must follow the one before; on a gap, a lost consumer or silence
it starts again from what the handler last took.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError, NotFoundError

from shared.bus import REQUEST_SECONDS, Address, from_message
from shared.eventstore.model import Recorded
from shared.ids import new_bytes

FETCH_EVENTS = 500
FETCH_SECONDS = 2.0
INACTIVE_SECONDS = 60.0
RETRY_SECONDS = 0.5

Handler = Callable[[list[Recorded]], Awaitable[None]]

_log = logging.getLogger(__name__)


class GapError(Exception):
    """The stream no longer holds what follows the checkpoint: only a cold rebuild can help."""


class _StartAgainError(Exception):
    """This consumer is no longer to be trusted."""


class Consumer:
    """Reads one stream. Errors of the handler go through to the caller of `run`."""

    def __init__(self, client: Client, address: Address) -> None:
        self._js: JetStreamContext = client.jetstream(timeout=REQUEST_SECONDS)
        self._address = address
        self.reached = 0
        self.connected = False

    async def run(self, start_after: int, handle: Handler) -> None:
        """Give `handle` every event after position `start_after`, in batches, for ever."""
        self.reached = start_after
        while True:
            async with aclosing(self._batches()) as batches:
                while events := await self._next(batches):
                    await handle(events)
                    self.reached = events[-1].position
            await asyncio.sleep(RETRY_SECONDS)

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
        try:
            return await subscription.fetch(FETCH_EVENTS, timeout=FETCH_SECONDS)
        except TimeoutError:
            # Silence: either nothing happened, or the consumer is gone and nobody says so.
            await self._js.consumer_info(self._address.stream, name)
            return []

    async def _check_held(self) -> None:
        state = (await self._js.stream_info(self._address.stream)).state
        if state.first_seq > self.reached + 1 and state.last_seq > self.reached:
            raise GapError(
                f"{self._address.stream} begins at {state.first_seq}, after {self.reached + 1}"
            )

    def _in_order(self, messages: list[Msg]) -> list[Recorded]:
        """What is new of `messages`. Raises when one is missing between."""
        events = []
        last = self.reached
        for message in messages:
            event = from_message(message.data, message.headers or {})
            if event.position <= last:
                continue
            if event.position != last + 1:
                raise _StartAgainError
            events.append(event)
            last = event.position
        return events

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

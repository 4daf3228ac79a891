"""A NATS client of the made-up server, with just what relay, publisher and consumer use of the real one."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import (
    ConsumerConfig,
    ConsumerInfo,
    RawStreamMsg,
    SequenceInfo,
    StreamConfig,
    StreamInfo,
    StreamState,
)
from nats.js.errors import NotFoundError

from tests.simulation.bus import Cursor, Server, Stream
from tests.simulation.life import Life
from tests.simulation.wire import published

Hear = Callable[[Msg], Awaitable[None]]
LONG_AGO = datetime(2030, 1, 1, tzinfo=UTC)
LARGEST_FETCH = 6
LARGEST_MESSAGE = 8 * 1024 * 1024


class Client:
    """One connection: what is sent over it arrives in order, or not at all."""

    def __init__(self, server: Server, life: Life, heads: Callable[[], int]) -> None:
        self._server = server
        self._life = life
        self._heads = heads
        self._hearing: dict[str, Hear] = {}
        self._inboxes = 0
        self._arrived = 0.0
        self.ahead: list[int] = []
        self.is_connected = True
        self.max_payload = LARGEST_MESSAGE

    def jetstream(self, **_: Any) -> "JetStream":  # Any: timeouts, which are not kept here
        return JetStream(self._server, self._life)

    def new_inbox(self) -> str:
        self._inboxes += 1
        return f"_INBOX.{self._inboxes}"

    async def subscribe(self, subject: str, cb: Hear) -> "Hearing":
        self._hearing[subject.removesuffix("*")] = cb
        return Hearing(self._hearing, subject.removesuffix("*"))

    async def _send_command(self, cmd: bytes) -> None:
        """What shared/wire.py has spelled; each of its messages may be lost."""
        life, loop = self._life, asyncio.get_running_loop()
        for subject, reply, headers, payload in published(cmd):
            if life.hits(life.weather.lost_request):
                continue
            self._arrived = max(self._arrived, loop.time()) + life.chance.uniform(0.0001, 0.01)
            life.begin(self._deliver(self._arrived, subject, payload, reply, headers))

    async def _flush_pending(self) -> None:
        """What is sent here goes off at once."""

    async def _deliver(
        self, at: float, subject: str, payload: bytes, reply: str, headers: dict[str, str]
    ) -> None:
        # A killed process sends no more; what a paused one has sent is on its way.
        await asyncio.sleep(at - asyncio.get_running_loop().time())
        answer = self._server.take(subject, headers, payload)
        self._look(answer)
        if not self._life.hits(self._life.weather.lost_ack):
            await self._life.hop()
            await self._hear(reply, orjson.dumps(answer))

    def _look(self, answer: dict[str, object]) -> None:
        sequence = answer.get("seq")
        if isinstance(sequence, int) and sequence > self._heads():
            self.ahead.append(sequence)

    async def _hear(self, reply: str, data: bytes) -> None:
        for prefix, hear in list(self._hearing.items()):
            if reply.startswith(prefix):
                await hear(Msg(self, reply, "", data))  # type: ignore[arg-type]  # a stand-in


@dataclass(slots=True)
class Hearing:
    """A subscription to an inbox."""

    hearing: dict[str, Hear]
    prefix: str

    async def unsubscribe(self) -> None:
        self.hearing.pop(self.prefix, None)


class JetStream:
    """What the server answers about streams and consumers."""

    def __init__(self, server: Server, life: Life) -> None:
        self._server = server
        self._life = life

    async def stream_info(self, name: str, **_: Any) -> StreamInfo:  # Any: options unused here
        await self._ask()
        return _info(self._stream(name))

    async def add_stream(self, config: StreamConfig) -> StreamInfo:
        await self._ask()
        return _info(self._server.make(config))

    async def update_stream(self, config: StreamConfig) -> StreamInfo:
        await self._ask()
        stream = self._stream(str(config.name))
        stream.config = config
        return _info(stream)

    async def purge_stream(self, name: str, **_: Any) -> bool:  # Any: as above
        await self._ask()
        self._server.purge(name)
        return True

    async def delete_stream(self, name: str) -> bool:
        await self._ask()
        self._server.delete(name)
        return True

    async def get_msg(self, name: str, seq: int, **_: Any) -> RawStreamMsg:  # Any: as above
        await self._ask()
        found = self._stream(name).raw(seq)
        if found is None:
            raise NotFoundError
        return found

    async def add_consumer(self, stream: str, config: ConsumerConfig) -> None:
        await self._ask()
        start = config.opt_start_seq or 1
        self._server.cursors[str(config.name)] = Cursor(self._stream(stream), start)

    async def pull_subscribe_bind(self, consumer: str, stream: str) -> "Pulling":
        return Pulling(self._server, self._life, consumer)

    async def consumer_info(self, stream: str, consumer: str) -> ConsumerInfo:
        await self._ask()
        cursor = self._server.cursors.get(consumer)
        if cursor is None:
            raise NotFoundError
        pending = sum(1 for at in cursor.stream.messages if at >= cursor.next)
        return ConsumerInfo(
            consumer,
            stream,
            ConsumerConfig(),
            LONG_AGO,
            delivered=SequenceInfo(cursor.next - 1, cursor.next - 1),
            num_pending=pending,
        )

    async def delete_consumer(self, stream: str, consumer: str) -> bool:
        await self._ask()
        return self._server.cursors.pop(consumer, None) is not None

    async def _ask(self) -> None:
        await self._life.hop()
        if self._life.hits(self._life.weather.lost_request):
            raise NatsTimeoutError

    def _stream(self, name: str) -> Stream:
        if name not in self._server.streams:
            raise NotFoundError
        return self._server.streams[name]


class Pulling:
    """A pull consumer's subscription, over a network that loses, doubles and swaps."""

    def __init__(self, server: Server, life: Life, name: str) -> None:
        self._server = server
        self._life = life
        self._name = name

    async def fetch(self, batch: int, timeout: float) -> list[Msg]:  # noqa: ASYNC109 - the library's name
        async with asyncio.timeout(timeout):
            while not (arrived := self._mangled(self._taken(batch))):
                await self._grown()
        await self._life.hop()
        return arrived

    async def unsubscribe(self) -> None:
        """Consumers die of their own."""

    async def _grown(self) -> None:
        """Or never, when the consumer is gone: the server says nothing of that."""
        cursor = self._server.cursors.get(self._name)
        await (cursor.stream.grown if cursor else asyncio.Event()).wait()

    def _taken(self, batch: int) -> list[Msg]:
        cursor = self._server.cursors.get(self._name)
        if cursor is None:
            return []
        most = min(batch, self._life.chance.randint(1, LARGEST_FETCH))
        sequences = sorted(at for at in cursor.stream.messages if at >= cursor.next)[:most]
        if sequences:
            cursor.next = sequences[-1] + 1
        held = [cursor.stream.messages[at] for at in sequences]
        return [Msg(self, one.subject, "", one.body, dict(one.headers)) for one in held]  # type: ignore[arg-type]  # a stand-in

    def _mangled(self, messages: list[Msg]) -> list[Msg]:
        life, weather = self._life, self._life.weather
        arrived: list[Msg] = []
        for message in messages:
            if not life.hits(weather.lost_delivery):
                arrived += [message] * (2 if life.hits(weather.doubled_delivery) else 1)
        if len(arrived) > 1 and life.hits(weather.swapped_delivery):
            arrived[0], arrived[-1] = arrived[-1], arrived[0]
        return arrived


def _info(stream: Stream) -> StreamInfo:
    state = StreamState(len(stream.messages), 0, stream.first, stream.last, 0)
    return StreamInfo(stream.config, state)

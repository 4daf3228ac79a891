"""Pipelined publishing to JetStream with every acknowledgement seen, refusals included.

The client library's own future for a publish stays pending for ever when the server refuses; these
raise. Replies come to one private inbox, one number per message that is answered.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Self

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from shared.ids import new_bytes
from shared.stream import HaltedError
from shared.wire import publish_command, send

ACK_SECONDS = 5.0
# The server stores a message only right behind the sequence that is named here.
FENCE = "Nats-Expected-Last-Sequence"


class RefusedError(Exception):
    """The server did not store the message."""


class MisplacedError(HaltedError):
    """The server acknowledged an event at a place that is not its position."""

    code = "stream_misplaced"


class Outgoing(NamedTuple):
    """A message, and the sequence at which it must be stored."""

    position: int
    subject: str
    body: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class _Group:
    """Messages that were sent together: `left` of them are not acknowledged yet."""

    done: asyncio.Future[None]
    left: int


class Publisher:
    """Use as `async with Publisher(client) as publisher`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._waiting: dict[str, tuple[int, _Group]] = {}
        self._number = 0
        self._subscription: Subscription | None = None

    async def __aenter__(self) -> Self:
        self._subscription = await self._client.subscribe(f"{self._inbox}.*", cb=self._hear)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for _, group in self._waiting.values():
            group.done.cancel()
        if self._subscription is not None and self._client.is_connected:
            await self._subscription.unsubscribe()

    async def publish(self, messages: Sequence[Outgoing]) -> asyncio.Future[None]:
        """Sent one behind the other, each fenced by its predecessor and answered for itself.

        The future is done when all are stored where they must be; it raises RefusedError or MisplacedError.
        """
        commands, answered = [], {}
        for position, subject, body, headers in messages:
            reply = self._reply()
            headers[FENCE] = str(position - 1)
            commands.append(publish_command(subject, reply, headers, body))
            answered[reply] = position
        return await self._send(commands, answered)

    async def publish_atomically(self, messages: Sequence[Outgoing]) -> asyncio.Future[None]:
        """All or none: fenced by the first, answered by the last. Otherwise as `publish`."""
        batch, last, commands = new_bytes(16).hex(), len(messages), []
        reply = self._reply()
        for number, (position, subject, body, headers) in enumerate(messages, start=1):
            headers["Nats-Batch-Id"], headers["Nats-Batch-Sequence"] = batch, str(number)
            if number == 1:
                headers[FENCE] = str(position - 1)
            if number == last:
                headers["Nats-Batch-Commit"] = "1"
            answer_to = reply if number == last else ""
            commands.append(publish_command(subject, answer_to, headers, body))
        return await self._send(commands, {reply: messages[-1].position})

    def _reply(self) -> str:
        self._number += 1
        return f"{self._inbox}.{self._number}"

    async def _send(
        self, commands: list[bytes], answered: Mapping[str, int]
    ) -> asyncio.Future[None]:
        group = _Group(asyncio.get_running_loop().create_future(), len(answered))
        self._waiting |= {reply: (position, group) for reply, position in answered.items()}
        await send(self._client, commands)
        return group.done

    async def _hear(self, message: Msg) -> None:
        position, group = self._waiting.pop(message.subject, (0, None))
        if group is None or group.done.done():
            return
        answer = orjson.loads(message.data) if message.data else {}
        if "seq" not in answer or answer.get("duplicate") or "error" in answer:
            refusal = answer.get("error", {}).get("description", "no stream takes this subject")
            _fail(group, RefusedError(refusal))
        elif answer["seq"] != position:
            sequence = answer["seq"]
            _fail(group, MisplacedError(f"position {position} was stored at sequence {sequence}"))
        else:
            group.left -= 1
            if not group.left:
                group.done.set_result(None)


def _fail(group: _Group, error: Exception) -> None:
    group.done.set_exception(error)
    group.done.exception()  # seen: a window that is given up must not complain later

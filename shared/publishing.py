"""Pipelined publishing to JetStream with every acknowledgement seen, refusals included.

The client library's own future for a publish stays pending for ever when the server refuses; this one
raises. Replies come to one private inbox, one number per publish.
"""

import asyncio
from types import TracebackType
from typing import Self

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

ACK_SECONDS = 5.0


class RefusedError(Exception):
    """The server did not store the message."""


class Publisher:
    """Use as `async with Publisher(client) as publisher`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._waiting: dict[str, asyncio.Future[int]] = {}
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
        for future in self._waiting.values():
            future.cancel()
        if self._subscription is not None and self._client.is_connected:
            await self._subscription.unsubscribe()

    async def publish(
        self, subject: str, body: bytes, headers: dict[str, str]
    ) -> asyncio.Future[int]:
        """Sent; the future gives the sequence it was stored at, or raises RefusedError."""
        self._number += 1
        reply = f"{self._inbox}.{self._number}"
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[reply] = future
        await self._client.publish(subject, body, reply=reply, headers=headers)
        return future

    async def add(self, subject: str, body: bytes, headers: dict[str, str]) -> None:
        """Sent without an answer of its own: part of a batch, whose last message is answered for all."""
        await self._client.publish(subject, body, headers=headers)

    async def _hear(self, message: Msg) -> None:
        future = self._waiting.pop(message.subject, None)
        if future is None or future.done():
            return
        answer = orjson.loads(message.data) if message.data else {}
        if "seq" in answer and not answer.get("duplicate") and "error" not in answer:
            future.set_result(answer["seq"])
        else:
            refusal = answer.get("error", {}).get("description", "no stream takes this subject")
            future.set_exception(RefusedError(refusal))
            future.exception()  # seen: a window that is given up must not complain later

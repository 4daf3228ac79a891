"""Many callers, one query: whatever asks while a query is under way goes together into the next.

No task of its own: the first caller in line sends for all who wait. What is sent must be harmless
to send twice, because a cancelled sender's companions go again with the next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Gatherer(Generic[Q, A]):
    """`send` answers a batch of questions, in order; `limit`: the most questions in one batch."""

    def __init__(self, send: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], limit: int) -> None:
        self._send = send
        self._limit = limit
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []

    async def ask(self, question: Q) -> A:
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        async with self._turn:
            if not answer.done():
                await self._send_waiting()
        return await answer

    async def _send_waiting(self) -> None:
        taken, self._waiting = self._waiting[: self._limit], self._waiting[self._limit :]
        try:
            answers = await self._send([question for question, _ in taken])
        except asyncio.CancelledError:
            self._waiting = taken + self._waiting
            raise
        except Exception as wrong:  # noqa: BLE001 - every companion is told, nothing is swallowed
            for _, future in taken:
                _fail(future, wrong)
            return
        for (_, future), answer in zip(taken, answers, strict=True):
            if not future.done():
                future.set_result(answer)


def _fail(future: "asyncio.Future[A]", wrong: Exception) -> None:
    if not future.done():
        future.set_exception(wrong)

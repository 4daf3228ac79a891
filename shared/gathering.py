"""Many callers, one query: whatever asks while a query is under way goes together into the next.

No task of its own: one of those who wait sends for all, and then names the next. What is sent must be
harmless to send twice, because a cancelled sender's companions go again with the next.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Q, A]):
    """`told`: the one answer, or none, which says that it is this one's turn to send."""

    question: Q
    told: "asyncio.Future[tuple[A, ...]]"

    @property
    def is_to_send(self) -> bool:
        told = self.told
        return told.done() and not (told.cancelled() or told.exception() or told.result())


class Gatherer(Generic[Q, A]):
    """`send` answers a batch of questions, in order; `limit`: the most questions in one batch."""

    def __init__(self, send: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], limit: int) -> None:
        self._send = send
        self._limit = limit
        self._is_sending = False
        self._waiting: deque[_Waiting[Q, A]] = deque()

    async def ask(self, question: Q) -> A:
        if self._is_sending and (answer := await self._told(question)):
            return answer[0]
        return await self._send_with(question)

    async def _told(self, question: Q) -> tuple[A, ...]:
        waiting: _Waiting[Q, A] = _Waiting(question, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        try:
            return await waiting.told
        except asyncio.CancelledError:
            if waiting.is_to_send:
                self._name_next()
            raise

    async def _send_with(self, question: Q) -> A:
        """All answers are told in one step: who was asked together goes on together."""
        self._is_sending = True
        taken = [self._waiting.popleft() for _ in range(min(self._limit - 1, len(self._waiting)))]
        try:
            mine, *others = await self._send([question, *(one.question for one in taken)])
        except asyncio.CancelledError:
            self._waiting.extendleft(reversed(taken))
            raise
        except Exception as wrong:
            for one in taken:
                if not one.told.done():
                    one.told.set_exception(wrong)
            raise
        else:
            for one, answer in zip(taken, others, strict=True):
                if not one.told.done():
                    one.told.set_result((answer,))
            return mine
        finally:
            self._name_next()

    def _name_next(self) -> None:
        """The first who still waits; whoever was cancelled is gone."""
        while self._waiting:
            told = self._waiting.popleft().told
            if not told.done():
                told.set_result(())
                return
        self._is_sending = False

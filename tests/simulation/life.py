"""A process that may be paused or killed, and whose network and servers misbehave, as chance will have it."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

LONGEST_HOP_SECONDS = 0.02


@dataclass(slots=True)
class Weather:
    """How likely each fault is, per statement or message; none of them once it is calm."""

    cut_before: float = 0.03
    cut_after: float = 0.04
    cut_and_late: float = 0.03
    lost_ack: float = 0.02
    lost_request: float = 0.02
    lost_delivery: float = 0.04
    doubled_delivery: float = 0.05
    swapped_delivery: float = 0.05

    def calm(self) -> None:
        for fault in self.__slots__:
            setattr(self, fault, 0.0)


class Life:
    """Of one process. Everything it asks of the world goes through here."""

    def __init__(self, name: str, chance: random.Random, weather: Weather) -> None:
        self.name = name
        self.chance = chance
        self.weather = weather
        self.dead = False
        self._going = asyncio.Event()
        self._going.set()
        self._tasks: list[asyncio.Task[Any]] = []

    def begin(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.append(task)
        return task

    def pause(self) -> None:
        self._going.clear()

    def resume(self) -> None:
        self._going.set()

    def kill(self) -> None:
        """As SIGKILL: nothing it does from now on reaches anybody."""
        self.dead = True
        for task in self._tasks:
            task.cancel()

    async def hop(self) -> None:
        """The way to a server, or back. Raises ConnectionResetError for the dead."""
        await asyncio.sleep(self.chance.uniform(0, LONGEST_HOP_SECONDS))
        await self._going.wait()
        if self.dead:
            raise ConnectionResetError

    def hits(self, likelihood: float) -> bool:
        return self.chance.random() < likelihood

    async def ask_database(self, work: Callable[[], T], *, may_be_late: bool = True) -> T:
        """`work` happens in one moment, at the server; whether we learn of it is another matter.

        `may_be_late`: it may still happen when we have long been cut off. Not so for what holds locks.
        """
        weather = self.weather
        await self.hop()
        if self.hits(weather.cut_before):
            raise ConnectionResetError
        if may_be_late and self.hits(weather.cut_and_late):
            asyncio.get_running_loop().call_later(self.chance.uniform(0, 0.5), work)
            raise ConnectionResetError
        answer = work()
        if self.hits(weather.cut_after):
            raise ConnectionResetError
        await self.hop()
        return answer

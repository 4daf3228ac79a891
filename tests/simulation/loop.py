"""An event loop whose time is made up and whose order is chance's, from a seed: the same seed, the same run.

Nothing sleeps: when nobody is ready, time jumps to the next timer. Whoever is ready runs in an order drawn
from the seed, which asyncio never promised to be another.
"""

import asyncio
import heapq
import random
from asyncio import events
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

TURNS = 400_000


class NobodyReadyError(Exception):
    """Everybody waits for somebody else, for ever."""


class EndlessError(Exception):
    """More turns than any history takes."""


class NumberedTask(asyncio.Task[T]):
    """Sets of tasks come in the order of their numbers, not of their addresses in memory."""

    number = 0

    def __hash__(self) -> int:
        return self.number


class SeededLoop(asyncio.BaseEventLoop):
    """Timers and callbacks only: nothing here may touch a socket, a file or a thread."""

    # The scheduler is asyncio's own, which has no public way in: these are its names.
    _ready: Any
    _scheduled: Any
    _timer_cancelled_count: int

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self._seconds = 0.0
        self._tasks_made = 0
        self.turns = 0
        self.set_task_factory(self._numbered)

    def time(self) -> float:
        return self._seconds

    def _numbered(
        self, loop: asyncio.AbstractEventLoop, coro: Any, **how: Any
    ) -> NumberedTask[Any]:
        # Any: whatever asyncio passes on
        task: NumberedTask[Any] = NumberedTask(coro, loop=loop, **how)
        self._tasks_made += 1
        task.number = self._tasks_made
        return task

    def _run_once(self) -> None:
        """One turn: ripen timers, then run everybody who was ready, in any order."""
        self._ripen()
        batch = list(self._ready)
        self._ready.clear()
        self._chance.shuffle(batch)
        for handle in batch:
            if not handle._cancelled:
                handle._run()
        self.turns += len(batch)
        if self.turns > TURNS:
            raise EndlessError(f"more than {TURNS} turns")

    def _ripen(self) -> None:
        timers = self._scheduled
        while timers and timers[0]._cancelled:
            heapq.heappop(timers)._scheduled = False
        if not self._ready and not self._stopping:  # type: ignore[attr-defined]  # asyncio's
            if not timers:
                raise NobodyReadyError
            self._seconds = max(self._seconds, timers[0]._when)
        while timers and timers[0]._when <= self._seconds:
            handle = heapq.heappop(timers)
            handle._scheduled = False
            self._ready.append(handle)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Cancelled timers are dropped when they ripen."""

    def _process_events(self, event_list: object) -> None:
        """There are none: no selector."""

    def _write_to_self(self) -> None:
        """Nobody waits in a selector."""


def run(chance: random.Random, main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What `main` comes to, in a loop of its own."""
    loop = SeededLoop(chance)
    before = events._get_running_loop()
    events._set_running_loop(None)  # a test's own loop may be running around this
    try:
        return loop.run_until_complete(main())
    finally:
        _end_all(loop)
        loop.close()
        events._set_running_loop(before)


def _end_all(loop: SeededLoop) -> None:
    left = sorted(asyncio.all_tasks(loop), key=hash)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(_gathered(left))
    loop.run_until_complete(loop.shutdown_asyncgens())


async def _gathered(left: list[asyncio.Task[Any]]) -> None:
    ended: Awaitable[list[Any]] = asyncio.gather(*left, return_exceptions=True)
    await ended

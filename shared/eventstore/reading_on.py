"""Reading a log from some position to its end: the database prepares what comes next meanwhile."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, TypeVar

PAGE = 1_000
# Given at a stretch, so that a serving process goes on serving, and takes in what the database sends.
STRETCH = 100
# Rounds of the loop in which a query is begun, handed over, and sent.
ROUNDS_TO_SEND = 4

R = TypeVar("R", bound=tuple[Any, ...])  # Any: columns of several types, a position first

Read = Callable[[int, int], Awaitable[list[R]]]


async def read_on(read: Read[R], after: int = 0) -> AsyncGenerator[list[R]]:
    """All that `read(after, limit)` finds, in order, some at a time. Close it when you leave early."""
    page = await read(after, PAGE)
    while page:
        following = asyncio.ensure_future(read(page[-1][0], PAGE))
        try:
            for _ in range(ROUNDS_TO_SEND):
                await asyncio.sleep(0)
            for start in range(0, len(page), STRETCH):
                yield page[start : start + STRETCH]
                await asyncio.sleep(0)
            page = await following
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

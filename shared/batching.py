"""Many writes in one request: each stands alone and is answered alone, in order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import TypeVar

from shared.database import is_passing, unanswered
from shared.errors import AppError

# Enough at once that group commit gathers them, few enough to leave connections for others.
AT_ONCE = 64

T = TypeVar("T")
R = TypeVar("R")

_log = logging.getLogger(__name__)


async def run_each(
    items: Sequence[T],
    handle: Callable[[T], Awaitable[R]],
    lane: Callable[[T], Hashable],
) -> list[R | AppError]:
    """What `handle` gave or raised for each item, in order; at most AT_ONCE at a time.

    Items of one lane (one record, say) run one after the other, in order. An unforeseen fault of
    one item is logged and answered as an internal error; its neighbours go on.
    """
    results: list[R | AppError] = [AppError("not run")] * len(items)
    room = asyncio.Semaphore(AT_ONCE)

    async def run_lane(numbers: list[int]) -> None:
        async with room:
            for number in numbers:
                results[number] = await _run(items[number], handle)

    async with asyncio.TaskGroup() as group:
        for numbers in _lanes(items, lane):
            group.create_task(run_lane(numbers))
    return results


def _lanes(items: Sequence[T], lane: Callable[[T], Hashable]) -> list[list[int]]:
    lanes: dict[Hashable, list[int]] = {}
    for number, item in enumerate(items):
        lanes.setdefault(lane(item), []).append(number)
    return list(lanes.values())


async def _run(item: T, handle: Callable[[T], Awaitable[R]]) -> R | AppError:
    try:
        return await handle(item)
    except AppError as refused:
        return refused
    except Exception as fault:  # noqa: BLE001 - one item's fault is answered as that item's
        if is_passing(fault):
            return unanswered()
        _log.exception("an item of a batch failed")
        return AppError("The fault is on our side; the request id finds it in the logs.")

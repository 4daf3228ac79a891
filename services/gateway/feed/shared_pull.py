"""One look for many feeds: readers of the same rights at the same place are told the same.

A look counts for those who ask after the same wake-up, so none is answered by one begun before what woke
him; and for a second at most, so that idle feeds cost next to nothing.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

FRESH_SECONDS = 1.0
REMEMBERED = 1_000
Json = Mapping[str, Any]  # Any: JSON of reporting


@dataclass(slots=True)
class SharedPulls:
    """What was asked of late, by what decides its answer."""

    asked: dict[Hashable, tuple[float, "asyncio.Task[Json]"]] = field(default_factory=dict)

    async def get(self, key: Hashable, ask: Callable[[], Awaitable[Json]]) -> Json:
        """Raises what `ask` raises, to all who wait for it; the next one asks anew."""
        now = time.monotonic()
        began, asking = self.asked.get(key, (float("-inf"), None))
        if asking is None or now - began > FRESH_SECONDS or _failed(asking):
            asking = asyncio.create_task(_answered(ask))
            self.asked.pop(key, None)
            self.asked[key] = (now, asking)
            self._forget(now)
        # One reader who leaves takes the answer from no other.
        return await asyncio.shield(asking)

    def _forget(self, now: float) -> None:
        """Those that are stale, oldest first."""
        for key, (began, asking) in list(self.asked.items()):
            if len(self.asked) <= REMEMBERED and now - began <= FRESH_SECONDS:
                break
            if asking.done():
                asking.cancelled() or asking.exception()
                del self.asked[key]


async def _answered(ask: Callable[[], Awaitable[Json]]) -> Json:
    return await ask()


def _failed(asking: "asyncio.Task[Json]") -> bool:
    return asking.done() and (asking.cancelled() or asking.exception() is not None)

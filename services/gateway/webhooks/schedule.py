"""When a receiver that did not accept is tried again: longer and longer, and for a day at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.ids import new_bytes

WINDOW_SECONDS = 24 * 3600.0
# Parts of the window between attempts: 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, 6 h, 9 h.
WAITS = tuple(seconds / WINDOW_SECONDS for seconds in (
    5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600, 32_400,
))  # fmt: skip
JITTER = 0.2
_CHANCE_BYTES = 4


@dataclass(frozen=True, slots=True)
class Schedule:
    """`window_seconds`: how long a receiver may be away before its webhook is disabled."""

    window_seconds: float = WINDOW_SECONDS

    def next_attempt(
        self, now: datetime, failing_since: datetime, failures: int, asked_seconds: float = 0.0
    ) -> datetime | None:
        """When next, after `failures` (1 or more) in a row; None: the window is over.

        `asked_seconds`: the receiver's own Retry-After. The last attempt is at the window's end.
        """
        end = failing_since + timedelta(seconds=self.window_seconds)
        if now >= end:
            return None
        wait = WAITS[min(failures, len(WAITS)) - 1] * self.window_seconds * _jittered()
        return min(now + timedelta(seconds=max(wait, asked_seconds)), end)


def _jittered() -> float:
    """Between 1 - JITTER and 1 + JITTER, so that receivers that fell together are not tried together."""
    chance = int.from_bytes(new_bytes(_CHANCE_BYTES), "big") / (1 << 8 * _CHANCE_BYTES)
    return 1 - JITTER + 2 * JITTER * chance

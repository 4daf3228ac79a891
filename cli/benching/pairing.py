"""Two sides measured in turn, so that what the machine does to one it does to the other."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from cli.benching.result import Result
from shared.memory import settled

PAIRS = 5
SECONDS = 2.5
WARM_UP_SECONDS = 1.0
# Somebody else's work, as a share of all cores while neither side runs.
QUIET = 0.15
LOOK_SECONDS = 0.3
AGAIN = 2

# Works for about so many seconds; answers operations per second, or in what other unit the figure is.
Side = Callable[[float], Awaitable[float]]
_USAGE = Path("/proc/stat")


@dataclass(frozen=True, slots=True)
class Pair:
    """What both sides came to, one after the other."""

    ours: float
    other: float
    noisy: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """What is measured, in what unit, and what it must come to."""

    name: str
    unit: str
    goal: float | None
    lower_is_better: bool = False


async def compared(figure: Figure, ours: Side, other: Side) -> Result:
    """PAIRS rounds, ours and the other alternating; the figure is the median of the pairs' ratios."""
    await ours(WARM_UP_SECONDS)
    await other(WARM_UP_SECONDS)
    settled(None)  # as services are before they serve
    pairs = [await _pair(ours, other) for _ in range(PAIRS)]
    ratios = sorted(pair.ours / pair.other for pair in pairs)
    return Result(
        name=figure.name,
        ours=median(pair.ours for pair in pairs),
        other=median(pair.other for pair in pairs),
        unit=figure.unit,
        goal=figure.goal,
        lower_is_better=figure.lower_is_better,
        ratio=median(ratios),
        spread=(ratios[0], ratios[-1]),
        noisy=sum(pair.noisy for pair in pairs),
    )


async def _pair(ours: Side, other: Side) -> Pair:
    """Repeated when something else kept the machine busy, at most AGAIN times; never dropped."""
    for _ in range(AGAIN + 1):
        before = await _busy()
        pair = Pair(await ours(SECONDS), await other(SECONDS), before > QUIET)
        if not pair.noisy:
            break
    return pair


async def _busy() -> float:
    """The share of all cores in use while we wait; 0 where the system does not tell."""
    before = _ticks()
    if before is None:
        return 0.0
    await asyncio.sleep(LOOK_SECONDS)
    after = _ticks() or before
    total = sum(after) - sum(before)
    return 1 - (after[3] + after[4] - before[3] - before[4]) / total if total else 0.0


def _ticks() -> list[int] | None:
    """Of all cores: user, nice, system, idle, waiting for disks, ..."""
    if not _USAGE.exists():
        return None
    return [int(word) for word in _USAGE.read_text("ascii").splitlines()[0].split()[1:9]]


def until(seconds: float) -> Callable[[], bool]:
    """Whether there is time left."""
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() < end

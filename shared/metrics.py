"""Figures of a process in the terms of OpenTelemetry: instruments, points, and a histogram of durations."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Seconds; those the semantic conventions of OpenTelemetry give for HTTP durations.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)


class Shape(StrEnum):
    """`TOTAL` only grows while the process lives; `LEVEL` goes up and down."""

    TOTAL = "total"
    LEVEL = "level"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is measured. `unit` as in UCUM, `{things}` for counts of things."""

    name: str
    unit: str
    shape: Shape
    what: str


@dataclass(slots=True)
class Spread:
    """A histogram: how many fell into each bound, above all of them, and their sum."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(BOUNDS, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Point:
    """One value of an instrument, told apart from its others by `attributes`."""

    instrument: Instrument
    value: float | Spread
    attributes: Mapping[str, str] = field(default_factory=dict)


REQUESTS = Instrument(
    "http.server.request.duration",
    "s",
    Shape.SPREAD,
    "How long requests took, by method, route and status.",
)


class Durations:
    """Of the requests this process answered. A route is a pattern: never a path, which holds ids."""

    def __init__(self) -> None:
        self._spreads: dict[tuple[str, str, int], Spread] = {}

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        self._spreads.setdefault((method, route, status), Spread()).add(seconds)

    def points(self) -> list[Point]:
        return [
            Point(
                REQUESTS,
                spread,
                {
                    "http.request.method": method,
                    "http.route": route,
                    "http.response.status_code": str(status),
                },
            )
            for (method, route, status), spread in self._spreads.items()
        ]

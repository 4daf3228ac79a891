"""One figure of a benchmark, beside the peer's, and a table of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

HEADS = ("", "Parley", "other", "ratio", "spread", "goal", "")
BAR = 20


@dataclass(frozen=True, slots=True)
class Result:
    """`other`: the peer's figure. `goal`: at least that, or at most when `lower_is_better`; None: for
    information. Shares go from 0 to 1.

    With a `ratio` (ours / other, the median of the pairs, `spread` its lowest and highest) the goal is
    the ratio's, otherwise it is that of `ours`. `noisy`: other work disturbed some of the pairs.
    """

    name: str
    ours: float
    other: float | None
    unit: str
    goal: float | None = None
    lower_is_better: bool = False
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    noisy: int = 0

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        figure = self.ours if self.ratio is None else self.ratio
        return figure <= self.goal if self.lower_is_better else figure >= self.goal

    def as_json(self) -> dict[str, Any]:  # Any: JSON
        return asdict(self) | {"met": self.met}


def table(results: Sequence[Result]) -> str:
    """The results as lines of aligned columns, each ratio with a bar whose full length is its goal."""
    rows = [HEADS, *(_row(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = [
        "  ".join(cell.ljust(width) if at in (0, len(HEADS) - 1) else cell.rjust(width)
                  for at, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)


def _row(result: Result) -> tuple[str, ...]:
    return (
        result.name,
        _spelled(result.ours, result.unit),
        "" if result.other is None else _spelled(result.other, result.unit),
        "" if result.ratio is None else f"{result.ratio:.2f}",
        "" if result.spread is None else f"{result.spread[0]:.2f}-{result.spread[1]:.2f}",
        _goal(result),
        f"{_bar(result)} {_verdict(result)}".strip(),
    )


def _goal(result: Result) -> str:
    if result.goal is None:
        return ""
    spelled = _spelled(result.goal, result.unit) if result.ratio is None else f"{result.goal:g}"
    return f"{'<=' if result.lower_is_better else '>='} {spelled}"


def _verdict(result: Result) -> str:
    met = {None: "", True: "met", False: "NOT MET"}[result.met]
    return f"{met} ({result.noisy} pairs noisy)" if result.noisy else met


def _bar(result: Result) -> str:
    if result.ratio is None or not result.goal:
        return ""
    filled = min(BAR, round(BAR * result.ratio / result.goal))
    return "█" * filled + "·" * (BAR - filled)


def _spelled(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.1%}"
    return f"{value:,.0f} {unit}" if value >= 1_000 else f"{value:.1f} {unit}"

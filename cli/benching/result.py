"""One figure of a benchmark, beside the peer's, and a table of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

HEADS = ("", "Parley", "peer", "goal", "")


@dataclass(frozen=True, slots=True)
class Result:
    """`other`: the peer's figure. `goal`: at least that, or at most when `lower_is_better`; None: for
    information. Shares go from 0 to 1."""

    name: str
    ours: float
    other: float | None
    unit: str
    goal: float | None = None
    lower_is_better: bool = False

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.ours <= self.goal if self.lower_is_better else self.ours >= self.goal

    def as_json(self) -> dict[str, Any]:  # Any: JSON
        return asdict(self) | {"met": self.met}


def table(results: Sequence[Result]) -> str:
    """The results as lines of aligned columns."""
    rows = [HEADS, *(_row(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = [
        "  ".join(cell.ljust(width) if not at else cell.rjust(width)
                  for at, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)


def _row(result: Result) -> tuple[str, ...]:
    sign = "<=" if result.lower_is_better else ">="
    goal = "" if result.goal is None else f"{sign} {_spelled(result.goal, result.unit)}"
    met = {None: "", True: "met", False: "NOT MET"}[result.met]
    other = "" if result.other is None else _spelled(result.other, result.unit)
    return (result.name, _spelled(result.ours, result.unit), other, goal, met)


def _spelled(value: float, unit: str) -> str:
    return f"{value:.1%}" if unit == "share" else f"{value:.1f} {unit}"

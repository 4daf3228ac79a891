"""What verify found: a row for each invariant, as a table or as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cli.verifying.invariants import ELSEWHERE, MEANINGS, in_order
from shared.eventstore.chain import Breach


class Outcome(StrEnum):
    HOLDS = "holds"
    BREACHED = "BREACHED"
    NOT_CHECKED = "not checked here"


@dataclass(frozen=True, slots=True)
class Checked:
    """One look at one service: which invariants, at how many things, in which time, and what was wrong."""

    service: str
    invariants: tuple[str, ...]
    count: int
    unit: str
    seconds: float
    breaches: tuple[Breach, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    looks: Sequence[Checked]

    @property
    def holds(self) -> bool:
        return not any(look.breaches for look in self.looks)

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        return {"holds": self.holds, "invariants": [self._row(name) for name in _names()]}

    def to_table(self) -> str:
        rows = [self._row(name) for name in _names()]
        lines = [f"{'':5}  {'':54}  {'':16}  checked"]
        lines += [_line(row) for row in rows]
        lines += [_named(wrong) for row in rows for wrong in row["breaches"]]
        lines += [f"Note, {look.service}: {note}" for look in self.looks for note in look.notes]
        count = sum(len(row["breaches"]) for row in rows)
        return "\n".join([*lines, "Everything holds." if self.holds else f"{count} breaches."])

    def _row(self, name: str) -> dict[str, Any]:  # Any: JSON
        looks = [look for look in self.looks if name in look.invariants]
        breaches = [
            {"service": look.service, "invariant": name, "position": one.position, "what": one.what}
            for look in looks
            for one in look.breaches
            if one.invariant == name
        ]
        outcome = Outcome.BREACHED if breaches else Outcome.HOLDS if looks else Outcome.NOT_CHECKED
        return {
            "invariant": name,
            "means": MEANINGS[name],
            "outcome": outcome,
            "why": "" if looks else ELSEWHERE.get(name, "not asked for"),
            "checked": sum(look.count for look in looks),
            "unit": looks[0].unit if looks else "",
            "seconds": round(sum(look.seconds for look in looks), 2),
            "breaches": breaches,
        }


def _names() -> list[str]:
    return sorted(MEANINGS, key=in_order)


def _line(row: dict[str, Any]) -> str:  # Any: JSON
    done = f"{row['checked']:,} {row['unit']} in {row['seconds']:.1f} s"
    words = f"{row['invariant']:5}  {row['means']:54}  {row['outcome']:16}"
    return f"{words}  {row['why'] or done}"


def _named(wrong: dict[str, Any]) -> str:  # Any: JSON
    return (
        f"{wrong['service']}: {wrong['invariant']} at position {wrong['position']}: {wrong['what']}"
    )

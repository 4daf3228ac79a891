"""The label rule: who may see what. Pure; no I/O. Every list, search, feed and page asks here.

A label asks three things of a reader, and all must hold: a level in every policy it names, an atom
out of every clause, and every caveat. Anything unknown is denied. `join` of two labels is read by
exactly those who read both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

EVERYONE = "community:all"
# Few labels are in use at a time; each event spells some of them, and each record joins some.
JOINS_KEPT = SPELLINGS_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Label:
    """A label in normal form: build it with `label`, `join` or `from_json`, never by hand."""

    levels: tuple[tuple[str, int], ...]
    clauses: frozenset[frozenset[str]]
    caveats: frozenset[str]
    # Computed once: labels are looked up, by number and joined, far more often than made.
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.levels, self.clauses, self.caveats)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Clearance:
    """What a reader holds: level per policy, atoms (`org:<id>`, `community:<id>`), caveats.

    `also`: whoever else must read it, too, for this reader to see it.
    """

    levels: Mapping[str, int]
    atoms: frozenset[str]
    caveats: frozenset[str]
    also: "Clearance | None" = None

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for readers of the same labels by the same rights, and for no others."""
        own = (tuple(sorted(self.levels.items())), self.atoms, self.caveats)
        return (*own, self.also.key) if self.also else own


def label(
    levels: Mapping[str, int],
    clauses: Iterable[Iterable[str]],
    caveats: Iterable[str] = (),
) -> Label:
    """The normal form. Raises ValueError without a clause: no audience must be said, not implied."""
    sets = frozenset(frozenset(clause) for clause in clauses)
    if not sets:
        raise ValueError("a label has at least one clause")
    return Label(tuple(sorted(levels.items())), _absorbed(sets), frozenset(caveats))


def reads(reader: Clearance, needed: Label) -> bool:
    """Whether `reader` may see what carries `needed`."""
    return (
        all(reader.levels.get(policy, -1) >= level for policy, level in needed.levels)
        and all(clause & reader.atoms or EVERYONE in clause for clause in needed.clauses)
        and needed.caveats <= reader.caveats
        and (reader.also is None or reads(reader.also, needed))
    )


def keeps_out(first: Label, second: Label) -> bool:
    """Whether whomever `second` keeps out `first` keeps out, too: its readers are among `second`'s."""
    levels = dict(first.levels)
    return (
        all(levels.get(policy, -1) >= level for policy, level in second.levels)
        and all(
            EVERYONE in clause or any(narrower <= clause for narrower in first.clauses)
            for clause in second.clauses
        )
        and second.caveats <= first.caveats
    )


@lru_cache(maxsize=JOINS_KEPT)
def join(first: Label, second: Label) -> Label:
    """The label read by exactly those who read both."""
    levels = dict(first.levels)
    for policy, level in second.levels:
        levels[policy] = max(level, levels.get(policy, level))
    return Label(
        tuple(sorted(levels.items())),
        _absorbed(first.clauses | second.clauses),
        first.caveats | second.caveats,
    )


def to_json(value: Label) -> dict[str, Any]:  # Any: JSON
    """The canonical JSON of a label, as events and the read model keep it."""
    return {
        "levels": dict(value.levels),
        "clauses": sorted(sorted(clause) for clause in value.clauses),
        "caveats": sorted(value.caveats),
    }


def from_json(value: Mapping[str, Any]) -> Label:  # Any: JSON
    """Reads `to_json` back. Raises ValueError or KeyError on anything else."""
    return label(value["levels"], value["clauses"], value["caveats"])


@lru_cache(maxsize=SPELLINGS_KEPT)
def from_spelling(spelled: bytes) -> Label:
    """The label of this JSON; the same object for the same bytes. Raises as `from_json` does."""
    return from_json(orjson.loads(spelled))


def _absorbed(clauses: frozenset[frozenset[str]]) -> frozenset[frozenset[str]]:
    """Drop each clause that contains another: whoever meets the smaller meets the larger."""
    return frozenset(c for c in clauses if not any(other < c for other in clauses))

"""Labels as a page shows them: the mark on each portion and the banner over all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.labels import EVERYONE, Label, join, label
from shared.policy import Level, Policy

Wire = Mapping[str, Any]  # Any: a label on the wire, see shared/policy.py
ORGANISATION, COMMUNITY, OWNER = "org:", "community:", "owner"


@dataclass(frozen=True, slots=True)
class Mark:
    """One label for show. Of each inner tuple of `audiences` any one is enough; a word is a community's
    id, `owner`, or `org:..` for an organisation named on the label. `to_all` when there is no limit."""

    level: Level
    audiences: tuple[tuple[str, ...], ...]
    caveats: tuple[str, ...]

    @property
    def to_all(self) -> bool:
        return not self.audiences


@dataclass(slots=True)
class Banner:
    """Collects the label of everything rendered on one page. Mutable: it grows while rendering."""

    policy: Policy
    total: Label | None = None

    def seen(self, wire: Wire | None) -> Mark | None:
        """The mark of a portion about to be rendered, counted into the banner."""
        if not wire:
            return None
        found = _label(self.policy, wire)
        self.total = join(self.total, found) if self.total else found
        return mark(self.policy, found)

    @property
    def mark(self) -> Mark:
        """What the whole page carries; the lowest level, to everyone, when nothing was rendered."""
        lowest = min(level.ordinal for level in self.policy.levels)
        return mark(self.policy, self.total or label({self.policy.id: lowest}, [{EVERYONE}]))

    @property
    def wire(self) -> dict[str, Any] | None:  # Any: JSON
        """The total on the wire, for a later part of the same page to start from."""
        return _wire(self.policy, self.total) if self.total else None


def mark(policy: Policy, value: Label) -> Mark:
    level = policy.level(dict(value.levels).get(policy.id, 0))
    limits = [clause for clause in value.clauses if EVERYONE not in clause]
    audiences = sorted(_spoken(clause) for clause in limits)
    return Mark(level, tuple(audiences), tuple(sorted(value.caveats)))


def _label(policy: Policy, wire: Wire) -> Label:
    """As policy.label does, with one word for whichever owner: a banner speaks of audiences."""
    clauses = [[OWNER, *map(_atom, clause)] for clause in wire.get("releasable_to") or ()]
    ordinal = policy.ordinal(wire["level"])
    return label({policy.id: ordinal}, clauses or [[OWNER]], wire.get("caveats") or ())


def _wire(policy: Policy, value: Label) -> dict[str, Any]:  # Any: JSON
    owners_only = any(clause == {OWNER} for clause in value.clauses)
    clauses = sorted(list(_spoken(clause)) for clause in value.clauses)
    return {
        "level": policy.level(dict(value.levels)[policy.id]).id,
        "releasable_to": [] if owners_only else clauses,
        "caveats": sorted(value.caveats),
    }


def _atom(word: str) -> str:
    return word if word.startswith(ORGANISATION) else COMMUNITY + word


def _spoken(clause: frozenset[str]) -> tuple[str, ...]:
    """The audiences of one clause in words; the owner is in every one and said only when alone."""
    return tuple(sorted(atom.removeprefix(COMMUNITY) for atom in clause - {OWNER})) or (OWNER,)

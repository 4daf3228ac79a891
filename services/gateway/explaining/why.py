"""The label rule, taken apart: each thing a label asks, and what of it a reader holds. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.gateway.second_check import label_told
from shared.contracts.event import Group
from shared.labels import EVERYONE, Clearance, Label, join
from shared.policy import Policy

COMMUNITY = "community:"
View = Mapping[str, Any]  # Any: JSON of reporting


class Rule(StrEnum):
    LEVEL = "level"
    AUDIENCE = "audience"
    CAVEAT = "caveat"


@dataclass(frozen=True, slots=True)
class Because:
    """`needed`: the level; any one of these audiences; the caveat. `held`: what of it the reader holds."""

    rule: Rule
    needed: tuple[str, ...]
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Portion:
    """A field group of a record. `label`: its own; `effective`: joined with the record's. None: withheld."""

    group: Group
    label: Label | None
    effective: Label | None


def portions_of(policy: Policy, view: View) -> list[Portion]:
    """The base first, then what is shown of the others, then what is withheld."""
    owner = view["owner"]
    base = label_told(policy, view["label"], owner)
    told = ((group, label_told(policy, one, owner)) for group, one in view["group_labels"].items())
    shown = [
        Portion(Group(group), label, join(base, label)) for group, label in told if base and label
    ]
    withheld = [Portion(Group(group), None, None) for group in view.get("withheld", ())]
    return [Portion(Group.BASE, base, base), *shown, *withheld]


def why(policy: Policy, reader: Clearance, label: Label) -> list[Because]:
    """What `label` asks, in the order it is asked."""
    return [
        *_levels(policy, reader, label),
        *sorted(_audiences(reader, label), key=lambda one: one.needed),
        *(
            Because(Rule.CAVEAT, (name,), (name,))
            for name in sorted(label.caveats & reader.caveats)
        ),
    ]


def in_words(policy: Policy, because: Because) -> str:
    """One sentence in English, for machines' logs and engineers; pages have their own."""
    named = [spoken(policy, word) for word in because.needed]
    match because.rule:
        case Rule.LEVEL:
            return f"Your level reaches {named[0]}."
        case Rule.AUDIENCE:
            own = " and ".join(spoken(policy, word) for word in because.held)
            return f"It is releasable to {' or '.join(named)}; you are of {own}."
        case Rule.CAVEAT:
            return f"You hold the caveat {because.needed[0]} ({named[0]})."


def spoken(policy: Policy, word: str) -> str:
    """A level, community or caveat by its name; an organisation as it is."""
    levels = {level.id: level.name for level in policy.levels}
    return (levels | dict(policy.communities) | dict(policy.caveats)).get(word, word)


def _levels(policy: Policy, reader: Clearance, label: Label) -> Iterator[Because]:
    for named, ordinal in label.levels:
        if named == policy.id:
            own = policy.level(reader.levels[named]).id
            yield Because(Rule.LEVEL, (policy.level(ordinal).id,), (own,))


def _audiences(reader: Clearance, label: Label) -> Iterator[Because]:
    for clause in label.clauses:
        held = clause & (reader.atoms | {EVERYONE})
        yield Because(Rule.AUDIENCE, _words(clause), _words(held))


def _words(atoms: Sequence[str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(atom.removeprefix(COMMUNITY) for atom in atoms))

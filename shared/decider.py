"""The write side's contract: a decider is one kind of record's rules, as pure functions.

`decide(state, command, context)` gives events or raises; `evolve(state, event)` gives the next
state. Neither looks at the world: the clock, the caller and other records come in through
`Context`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from shared.contracts.event import DomainEvent, Group
from shared.ids import Kind, RecordId
from shared.labels import Label
from shared.policy import Policy
from shared.principal import Principal
from shared.roles import Action

C = TypeVar("C")
E = TypeVar("E", bound=DomainEvent)
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Reference:
    """Another record, as far as this service knows it. `groups`: labels of its groups, where known."""

    id: RecordId
    label: Label
    status: str
    groups: Mapping[Group, Label] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """The world as a decision may see it. `now` is UTC (for an exercise's loader, the scenario's).

    `references` holds only what the caller may use: hidden, unknown and retired records are all
    absent. `authors`: subjects of everybody who has changed the record so far. `owner`: the
    organisation whose record it is.
    """

    now: datetime
    principal: Principal
    policy: Policy
    references: Mapping[RecordId, Reference]
    authors: frozenset[str] = frozenset()
    owner: RecordId | None = None


def touches_nothing(command: object) -> Mapping[str, Group]:
    """For kinds whose commands name no group but the base."""
    return {}


def derives_from_nothing(state: object) -> frozenset[RecordId]:
    """For kinds that are made of no other record."""
    return frozenset()


# No slots: a generic frozen slotted dataclass cannot be made on Python 3.11.
@dataclass(frozen=True)
class Decider(Generic[C, E, S]):
    """The rules of one kind. Annotate: `plan: Decider[Order, Event, State] = Decider(...)`.

    `sources`: the records it is made of, whose labels its own never falls below.

    A state that is a dataclass holds the groups' labels as its `labels`.

    `references` names the other records a command mentions. `touches`: where in the request (JSON
    pointer) a command gives content or labels of which group, so that a group the caller does not
    read answers as an unknown field, whatever it holds.
    """

    kind: Kind
    groups: tuple[Group, ...]
    initial: S
    decide: Callable[[S, C, Context], list[E]]
    evolve: Callable[[S, E], S]
    action: Callable[[C], Action]
    references: Callable[[C], frozenset[RecordId]]
    touches: Callable[[C], Mapping[str, Group]] = touches_nothing
    sources: Callable[[S], frozenset[RecordId]] = derives_from_nothing
    # Whether these are the rules of removing records of a kind, and not the kind's own.
    of_removals: bool = False

"""The write side's contract: a decider is one kind of record's rules, as pure functions.

`decide(state, command, context)` gives events or raises; `evolve(state, event)` gives the next
state. Neither looks at the world: the clock, the caller and other records come in through
`Context`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    """Another record, as far as this service knows it."""

    id: RecordId
    label: Label
    status: str


@dataclass(frozen=True, slots=True)
class Context:
    """The world as a decision may see it. `now` is UTC (for an exercise's loader, the scenario's).

    `references` holds only what the caller may use: hidden, unknown and retired records are all
    absent.
    """

    now: datetime
    principal: Principal
    policy: Policy
    references: Mapping[RecordId, Reference]


def field_named_as(command: object, group: Group) -> str:
    """Where a request holds a group's fields, unless a decider knows better."""
    return f"/{group}"


# No slots: a generic frozen slotted dataclass cannot be made on Python 3.11.
@dataclass(frozen=True)
class Decider(Generic[C, E, S]):
    """The rules of one kind. Annotate: `plan: Decider[Order, Event, State] = Decider(...)`.

    `references` names the other records a command mentions; `field` says where in the request the
    fields of a group stand (JSON pointer), for errors.
    """

    kind: Kind
    groups: tuple[Group, ...]
    initial: S
    decide: Callable[[S, C, Context], list[E]]
    evolve: Callable[[S, E], S]
    action: Callable[[C], Action]
    references: Callable[[C], frozenset[RecordId]]
    field: Callable[[C, Group], str] = field_named_as

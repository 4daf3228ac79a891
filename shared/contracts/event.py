"""What all events have in common: a type, a field group, and which of their fields are sealed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict

from shared.ids import RecordId
from shared.labels import Label, from_spelling


class Group(StrEnum):
    """Field groups: who may see a part of a record is decided per group."""

    BASE = "base"
    IDENTITY = "identity"
    EXACT_PLACE = "exact_place"
    OWN_SIDE = "own_side"
    SOURCE = "source"
    PROTOCOL = "protocol"
    PRIVATE = "private"
    # Finer than the base: where a record labels them, the base tells them coarsely (shared/coarsening.py).
    PLACE = "place"
    TIME = "time"
    # Of every kind: requests to release or remove it. Its label follows from owner and originator.
    HANDLING = "handling"


FINER = frozenset({Group.PLACE, Group.TIME})


def within(group: Group) -> tuple[Group, ...]:
    """Whose readers alone can be readers of `group`: of the base, of what it is a part of, and its own."""
    match group:
        case Group.BASE:
            return (group,)
        case Group.EXACT_PLACE:
            return (Group.BASE, Group.PLACE, group)
        case _:
            return (Group.BASE, group)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Marks a field whose value is encrypted before it is stored and hashed."""


SEALED = Sealed()
# From the JSON fields of an older version, unsealed, to those of the version that declares it. Pure. Fields
# whose key was destroyed are missing, so it asks for none of them.
Upcast = Callable[[Mapping[str, Any]], dict[str, Any]]  # Any: JSON
Labels = dict[Group, dict[str, Any]]  # Any: a label's canonical JSON, see shared/labels.py


class DomainEvent(BaseModel):
    """A fact. Frozen. `group` says which field group all its content belongs to.

    `former`: the types of its older versions, which are stored for ever and written no more. A release
    reads a new version before any release writes it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    group: ClassVar[Group] = Group.BASE
    former: ClassVar[Mapping[str, Upcast]] = {}

    @property
    def key_subject(self) -> RecordId | None:
        """Whose key seals this event: a person's, or (None) the record's own."""
        return None


class Labelled(DomainEvent):
    """An event that sets the labels of the record's groups; `relabelled` may name only some."""

    labels: Labels

    def label_of(self, group: Group) -> Label | None:
        found = self.labels.get(group)
        return from_spelling(orjson.dumps(found)) if found else None


class Relabelling(Labelled):
    """New labels for a record that exists: whoever loses sight of it must lose it at once.

    `widens`: it may show a record to more people although the mission asks for a second person.
    """

    widens: ClassVar[bool] = False


F = TypeVar("F", bound=DomainEvent)
# Past the model's own, which refuses: it is frozen.
_set = object.__setattr__


def fields_of(event: DomainEvent, model: type[F]) -> F:
    """The part of `event` that `model`, one of its bases, declares; equal when the values are."""
    names, values = _names_of(model), event.__dict__
    # As it would be unpickled: the values were validated as parts of `event`, and model_construct() takes
    # five times as long, for each amendment of each record that is loaded.
    part = model.__new__(model)
    _set(part, "__dict__", {name: values[name] for name in names})
    _set(part, "__pydantic_fields_set__", {*names})
    _set(part, "__pydantic_extra__", None)
    _set(part, "__pydantic_private__", None)
    return part


@cache
def _names_of(model: type[DomainEvent]) -> tuple[str, ...]:
    return tuple(model.model_fields)


def sealed_fields(model: type[DomainEvent]) -> frozenset[str]:
    """Names of the fields that are encrypted at rest and in transit."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if any(isinstance(mark, Sealed) for mark in field.metadata)
    )

"""The rules of a place of the gazetteer.

| command  | absent                 | active                               | retired             |
|----------|------------------------|--------------------------------------|---------------------|
| register | registered (+ retired) | Rejected                             | Rejected            |
| amend    | NotFound               | (relabelled +) amended (+ retired)   | the same; Rejected  |
|          |                        |                                      | unless it stays so  |
| retire   | NotFound               | retired                              | nothing             |
| relabel  | NotFound               | relabelled                           | relabelled          |

What would change nothing makes no event, so that an import can be repeated.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never

from shared.contracts.contacts import (
    GROUPS,
    PlaceAmended,
    PlaceEvent,
    PlaceFields,
    PlaceRegistered,
    PlaceRelabelled,
    PlaceRetired,
)
from shared.contracts.event import Labels, fields_of
from shared.decider import Context, Decider
from shared.errors import NotFoundError, RejectedError, invalid
from shared.ids import Kind, RecordId
from shared.labels_asked import NOTHING_ASKED, LabelsAsked
from shared.roles import Action
from shared.values import ExternalId, Text


@dataclass(frozen=True, slots=True)
class RegisterPlace:
    """`parent_field`: where the request names the parent, for errors."""

    fields: PlaceFields
    labels: LabelsAsked = NOTHING_ASKED
    external_ids: tuple[ExternalId, ...] = ()
    retired: bool = False
    parent_field: str = "/parent_id"


@dataclass(frozen=True, slots=True)
class AmendPlace:
    """All amendable fields as they should stand. `retired`: it is, or is to be, retired."""

    fields: PlaceFields
    labels: LabelsAsked = NOTHING_ASKED
    retired: bool = False
    parent_field: str = "/parent_id"


@dataclass(frozen=True, slots=True)
class RetirePlace:
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class RelabelPlace:
    labels: LabelsAsked
    reason: Text | None = None


Command = RegisterPlace | AmendPlace | RetirePlace | RelabelPlace


class Status(StrEnum):
    ABSENT = "absent"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Place:
    """`fields` and `labels` are kept only to see whether a command would change anything."""

    status: Status = Status.ABSENT
    fields: PlaceFields | None = None
    labels: Labels = field(default_factory=dict)


def decide(state: Place, command: Command, ctx: Context) -> list[PlaceEvent]:
    match state.status, command:
        case Status.ABSENT, RegisterPlace():
            return _register(command, ctx)
        case _, RegisterPlace():
            raise RejectedError("This place is registered already.")
        case Status.ABSENT, _:
            raise NotFoundError
        case _, AmendPlace():
            return _amend(state, command, ctx)
        case Status.ACTIVE, RetirePlace(reason):
            return [PlaceRetired(reason=reason)]
        case _, RetirePlace():
            return []  # a client's retry must be harmless
        case _, RelabelPlace(asked, reason):
            return _relabel(state, asked, reason, ctx)
        case _:
            # mypy cannot subtract pairs; the table's test goes through all of them.
            raise AssertionError(f"{state.status} x {type(command).__name__} is not in the table")


def evolve(state: Place, event: PlaceEvent) -> Place:
    match event:
        case PlaceAmended():  # asked first: nearly all events of a long stream are amendments
            return Place(state.status, fields_of(event, PlaceFields), state.labels)
        case PlaceRegistered():
            return Place(Status.ACTIVE, fields_of(event, PlaceFields), event.labels)
        case PlaceRetired():
            return replace(state, status=Status.RETIRED)
        case PlaceRelabelled(labels=labels):
            return replace(state, labels=state.labels | labels)
        case _:
            assert_never(event)


def _register(command: RegisterPlace, ctx: Context) -> list[PlaceEvent]:
    _check_parent(command, ctx)
    labels = command.labels.for_new(Kind.PLACE, GROUPS[Kind.PLACE], ctx)
    registered = PlaceRegistered(
        **dict(command.fields), labels=labels, external_ids=command.external_ids
    )
    return [registered, PlaceRetired()] if command.retired else [registered]


def _amend(state: Place, command: AmendPlace, ctx: Context) -> list[PlaceEvent]:
    if state.status is Status.RETIRED and not command.retired:
        raise RejectedError("This place is retired; register it anew.")
    events = _relabel(state, command.labels, None, ctx)
    if command.fields != state.fields:
        if state.fields is None or command.fields.parent_id != state.fields.parent_id:
            _check_parent(command, ctx)
        events.append(PlaceAmended(**dict(command.fields)))
    if command.retired and state.status is Status.ACTIVE:
        events.append(PlaceRetired())
    return events


def _relabel(
    state: Place, asked: LabelsAsked, reason: Text | None, ctx: Context
) -> list[PlaceEvent]:
    labels = asked.for_known(GROUPS[Kind.PLACE], ctx)
    if state.labels | labels == state.labels:
        return []
    return [PlaceRelabelled(labels=labels, reason=reason)]


def _check_parent(command: RegisterPlace | AmendPlace, ctx: Context) -> None:
    """Hidden, unknown, retired and of another kind answer alike."""
    parent = command.fields.parent_id
    if parent and (parent.kind is not Kind.PLACE or parent not in ctx.references):
        raise invalid(command.parent_field, "unknown_reference", "There is no such place.")


def _action(command: Command) -> Action:
    match command:
        case RegisterPlace():
            return Action.CREATE
        case AmendPlace():
            return Action.CHANGE
        case RetirePlace():
            return Action.RETIRE
        case RelabelPlace():
            return Action.RELABEL
        case _:
            assert_never(command)


def _references(command: Command) -> frozenset[RecordId]:
    match command:
        case RegisterPlace(fields) | AmendPlace(fields) if fields.parent_id:
            return frozenset({fields.parent_id})
        case _:
            return frozenset()


place: Decider[Command, PlaceEvent, Place] = Decider(
    kind=Kind.PLACE,
    groups=GROUPS[Kind.PLACE],
    initial=Place(),
    decide=decide,
    evolve=evolve,
    action=_action,
    references=_references,
)

"""A small decider over real events, to try the write side with: talks are planned, prepared, called off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import assert_never

from shared.contracts.engagements import (
    GROUPS,
    CancelReason,
    EngagementCancelled,
    EngagementPlanned,
    EngagementRelabelled,
    EngagementType,
    Participant,
    PreparationNoted,
    Side,
)
from shared.contracts.event import DomainEvent, Group
from shared.decider import Context, Decider
from shared.errors import RejectedError, invalid
from shared.ids import Kind, RecordId
from shared.labelling import labels_for, relabels_for
from shared.policy import WireLabel
from shared.roles import Action
from shared.values import Text, When

STARTS = datetime(2030, 1, 2, 9, 0, tzinfo=UTC)
ENGAGEMENT_GROUPS = GROUPS[Kind.ENGAGEMENT]
ENGAGEMENT = Kind.ENGAGEMENT


@dataclass(frozen=True, slots=True)
class Plan:
    purpose: str = "Cattle corridor talks"
    label: WireLabel | None = None
    group_labels: Mapping[Group, WireLabel] = field(default_factory=dict)
    counterpart: RecordId | None = None
    talking_points: str | None = None


@dataclass(frozen=True, slots=True)
class Prepare:
    talking_points: str


@dataclass(frozen=True, slots=True)
class CallOff:
    reason: CancelReason = CancelReason.ROUTES


@dataclass(frozen=True, slots=True)
class Relabel:
    label: WireLabel | None = None
    group_labels: Mapping[Group, WireLabel] = field(default_factory=dict)


Order = Plan | Prepare | CallOff | Relabel


class Status(StrEnum):
    ABSENT = "absent"
    PLANNED = "planned"
    CANCELLED = "cancelled"


def decide(status: Status, order: Order, ctx: Context) -> list[DomainEvent]:
    match order:
        case Plan():
            return _plan(status, order, ctx)
        case Prepare(talking_points):
            return [_prepared(talking_points)]
        case CallOff(reason):
            cancelled = status is Status.CANCELLED
            return [] if cancelled else [EngagementCancelled(cancel_reason=reason)]
        case Relabel(label, group_labels):
            owner = ctx.principal.organisation
            labels = relabels_for(ENGAGEMENT_GROUPS, label, group_labels, owner, ctx.policy)
            return [EngagementRelabelled(labels=labels)]
        case _:
            assert_never(order)


def evolve(status: Status, event: DomainEvent) -> Status:
    match event:
        case EngagementPlanned():
            return Status.PLANNED
        case EngagementCancelled():
            return Status.CANCELLED
        case _:
            return status


def _plan(status: Status, order: Plan, ctx: Context) -> list[DomainEvent]:
    if status is not Status.ABSENT:
        raise RejectedError("These talks are planned already.")
    if order.counterpart and order.counterpart not in ctx.references:
        raise invalid("/counterpart", "unknown_reference", "There is no such organisation.")
    with_whom = (
        (Participant(side=Side.COUNTERPART, organisation_id=order.counterpart),)
        if order.counterpart
        else ()
    )
    planned = EngagementPlanned(
        engagement_type=EngagementType.ROUTINE_LIAISON,
        purpose=Text(text=order.purpose, lang="en"),
        when=When.lasting(STARTS, 60),
        participants=with_whom,
        labels=labels_for(
            ENGAGEMENT,
            ENGAGEMENT_GROUPS,
            order.label,
            order.group_labels,
            ctx.principal.organisation,
            ctx.policy,
        ),
    )
    return [planned, _prepared(order.talking_points)] if order.talking_points else [planned]


def _prepared(talking_points: str) -> DomainEvent:
    return PreparationNoted(talking_points=(Text(text=talking_points, lang="en"),))


def _action(order: Order) -> Action:
    match order:
        case Plan():
            return Action.CREATE
        case Relabel():
            return Action.RELABEL
        case _:
            return Action.CHANGE


def _references(order: Order) -> frozenset[RecordId]:
    mentioned = isinstance(order, Plan) and order.counterpart
    return frozenset({mentioned}) if mentioned else frozenset()


def _touches(order: Order) -> Mapping[str, Group]:
    match order:
        case Plan(talking_points=points, group_labels=labels):
            return _labels(labels) | ({"/own_side": Group.OWN_SIDE} if points else {})
        case Prepare():
            return {"/own_side": Group.OWN_SIDE}
        case Relabel(group_labels=labels):
            return _labels(labels)
        case _:
            return {}


def _labels(group_labels: Mapping[Group, WireLabel]) -> dict[str, Group]:
    return {f"/group_labels/{group}": group for group in group_labels}


talks: Decider[Order, DomainEvent, Status] = Decider(
    kind=ENGAGEMENT,
    groups=ENGAGEMENT_GROUPS,
    initial=Status.ABSENT,
    decide=decide,
    evolve=evolve,
    action=_action,
    references=_references,
    touches=_touches,
)

"""The rules of removing what a record holds: one asks, a second person of the owner approves. For every kind.

What was removed cannot be brought back: a second look is the only safeguard there is.
"""

from dataclasses import dataclass
from typing import Any, TypeVar, assert_never

from shared.contracts.event import DomainEvent, Group
from shared.contracts.removals import AnyRemoval, Ground, RemovalAsked, RemovalRefused, Removed
from shared.decider import Context, Decider
from shared.errors import RejectedError
from shared.ids import RecordId
from shared.labels import Label, label, to_json
from shared.roles import Action
from shared.values import Text

C = TypeVar("C")
E = TypeVar("E", bound=DomainEvent)
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class AskRemoval:
    ground: Ground
    reason: Text | None


@dataclass(frozen=True, slots=True)
class RefuseRemoval:
    reason: Text | None


@dataclass(frozen=True, slots=True)
class ApproveRemoval:
    """`base`: the record's label until now. `subjects`: whose keys sealed what it holds."""

    base: Label | None
    subjects: tuple[RecordId, ...]


Command = AskRemoval | RefuseRemoval | ApproveRemoval


@dataclass(frozen=True, slots=True)
class Removal:
    """How far a record's removal has come."""

    asked: RemovalAsked | None = None
    removed: bool = False


def decide(state: Removal, command: Command, ctx: Context) -> list[AnyRemoval]:
    if state.removed:
        return []  # a client's retry must be harmless
    match command:
        case AskRemoval(ground, reason):
            asked_by = ctx.principal.subject
            asked = RemovalAsked(ground=ground, asked_by=asked_by, reason=reason)
            return [] if state.asked else [asked]
        case RefuseRemoval(reason):
            return [RemovalRefused(reason=reason)] if state.asked else []
        case ApproveRemoval():
            return [_approved(state, command, ctx)]
        case _:
            assert_never(command)


def evolve(state: Removal, event: AnyRemoval) -> Removal:
    match event:
        case RemovalAsked():
            return Removal(event)
        case RemovalRefused():
            return Removal()
        case Removed():
            return Removal(state.asked, removed=True)
        case _:
            assert_never(event)


def removals(kind: Decider[C, E, S]) -> Decider[Command, AnyRemoval, Removal]:
    """The rules of removing records of that kind."""
    return Decider(
        kind=kind.kind,
        groups=kind.groups,
        initial=Removal(),
        decide=decide,
        evolve=evolve,
        action=_action,
        references=_none,
        of_removals=True,
    )


def for_the_owner_alone(base: Label, owner: RecordId) -> dict[Group, dict[str, Any]]:  # Any: JSON
    """What is left says that something was; that is nobody else's business any more."""
    closed = label(dict(base.levels), [{f"org:{owner}"}], base.caveats)
    return {Group.BASE: to_json(closed)}


def _approved(state: Removal, command: ApproveRemoval, ctx: Context) -> Removed:
    if state.asked is None or command.base is None or ctx.owner is None:
        raise RejectedError("Nobody has asked that this be removed.", code="not_asked")
    if state.asked.asked_by == ctx.principal.subject:
        raise RejectedError(
            "A second person approves: you asked for this yourself.", code="second_person"
        )
    return Removed(
        labels=for_the_owner_alone(command.base, ctx.owner),
        ground=state.asked.ground,
        subjects=command.subjects,
    )


def _action(command: Command) -> Action:
    return Action.REMOVE if isinstance(command, ApproveRemoval) else Action.ASK_REMOVAL


def _none(command: Command) -> frozenset[RecordId]:
    return frozenset()

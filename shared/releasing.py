"""Releasing a record of any kind to more people, and marking how it is handled: commands and their rules.

| command  | rule                                                                                       |
|----------|--------------------------------------------------------------------------------------------|
| request  | asks for labels that more people read; the same again: nothing; another waits: Rejected     |
| agree    | by the originator, where it controls the record                                            |
| approve  | by another person of the owner than asked; agreed first, where an originator controls it   |
| refuse   | by whoever may approve, or agree                                                           |
| withdraw | nothing waits: nothing                                                                     |
| mark     | as it should stand; what changes nothing makes no event                                    |
| dates    | see `shared/dating.py`                                                                     |
| extracts | see `shared/extracting.py`; requests are agreed to, approved and refused as releases are    |

Pure: `decide_record` is to these commands what a kind's own `decide` is to its own.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from shared.contracts.event import DomainEvent, Group
from shared.contracts.records import (
    ExtractAllowed,
    RecordMarked,
    RecordReleased,
    ReleaseAgreed,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseScheduled,
    ReleaseWithdrawn,
    Tag,
)
from shared.dating import (
    ScheduleLabel,
    TakeEffect,
    check_ahead,
    check_order,
    schedule,
    show_to_new,
    take_effect,
)
from shared.decider import Context
from shared.errors import ForbiddenError, RejectedError, invalid
from shared.extracting import (
    CheckExtract,
    ExtractCommand,
    MakeExtract,
    RequestExtract,
    decide_extract,
)
from shared.ids import Kind, RecordId
from shared.known import Known
from shared.labels_asked import LabelsAsked
from shared.roles import Action
from shared.values import Text


@dataclass(frozen=True, slots=True)
class RequestRelease:
    """`at` (UTC): from when on; None: once it is approved."""

    labels: LabelsAsked
    reason: Text | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgreeRelease:
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class ApproveRelease:
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class RefuseRelease:
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class WithdrawRelease:
    pass


@dataclass(frozen=True, slots=True)
class MarkRecord:
    tags: tuple[Tag, ...] = ()
    originator: RecordId | None = None
    originator_control: bool = False
    review_on: date | None = None


RecordCommand = (
    RequestRelease
    | AgreeRelease
    | ApproveRelease
    | RefuseRelease
    | WithdrawRelease
    | MarkRecord
    | ScheduleLabel
    | TakeEffect
    | ExtractCommand
)


def record_action(command: RecordCommand) -> Action:
    match command:
        case ApproveRelease():
            return Action.APPROVE
        case RequestRelease() | WithdrawRelease() | MarkRecord() | ScheduleLabel() | TakeEffect():
            return Action.RELABEL
        case RequestExtract() | MakeExtract() | CheckExtract():
            return Action.RELABEL
        case AgreeRelease() | RefuseRelease():
            return Action.AGREE
        case _:
            assert_never(command)


def record_references(command: RecordCommand) -> frozenset[RecordId]:
    match command:
        case MarkRecord(originator=originator) if originator:
            return frozenset({originator})
        case _:
            return frozenset()


def record_touches(command: RecordCommand) -> dict[str, Group]:
    match command:
        case RequestRelease() | ScheduleLabel() | RequestExtract():
            return command.labels.touches
        case _:
            return {}


def decide_record(  # noqa: C901 - one arm per command
    known: Known, command: RecordCommand, ctx: Context
) -> list[DomainEvent]:
    waiting = known.handling.waiting
    match command:
        case RequestRelease():
            return _request(known, command, ctx)
        case MarkRecord():
            return _mark(known, command, ctx)
        case ScheduleLabel():
            return schedule(known, command, ctx)
        case TakeEffect():
            return take_effect(known, ctx)
        case RequestExtract() | MakeExtract() | CheckExtract():
            return decide_extract(known, command, ctx)
        case WithdrawRelease():
            return [ReleaseWithdrawn()] if waiting else []
        case AgreeRelease() | RefuseRelease() if _caller(ctx) not in _answering(known, command):
            raise ForbiddenError("Only the originator, where it controls the record, answers.")
        case _ if waiting is None:
            raise RejectedError("No release of this record waits.", code="no_release_waits")
        case AgreeRelease(note):
            return [] if waiting.agreed else [ReleaseAgreed(note=note)]
        case RefuseRelease(reason):
            return [ReleaseRefused(reason=reason)]
        case ApproveRelease(note):
            return _approve(known, note, ctx)
        case _:
            assert_never(command)


def _request(known: Known, command: RequestRelease, ctx: Context) -> list[DomainEvent]:
    wanted = command.labels.for_known(known.groups, ctx)
    waiting = known.handling.waiting
    if waiting and (waiting.wanted, waiting.at, waiting.extract) == (wanted, command.at, False):
        return []  # a client's retry must be harmless
    if waiting:
        raise RejectedError("Another release of this record waits; withdraw it first.")
    if not show_to_new(known, wanted):
        raise RejectedError(
            "Nobody new would see it by this label; relabel it instead.", code="releases_nothing"
        )
    check_ahead("/at", command.at, ctx.now)
    check_order(command.at, known.handling.dates.expires_at, "/at")
    return [ReleaseRequested(wanted=wanted, reason=command.reason, at=command.at)]


def _approve(known: Known, note: Text | None, ctx: Context) -> list[DomainEvent]:
    waiting = known.handling.waiting
    if waiting is None:
        return []
    if waiting.by == ctx.principal.subject:
        raise RejectedError("A second person approves what you asked for.", code="second_person")
    if known.handling.originator_of(known.owner) and not waiting.agreed:
        raise RejectedError("Its originator has not agreed yet.", code="originator_has_not_agreed")
    if waiting.extract:
        return [ExtractAllowed(labels=waiting.wanted, note=note)]
    if waiting.at and waiting.at > ctx.now:
        return [ReleaseScheduled(at=waiting.at, labels=waiting.wanted, note=note)]
    return [RecordReleased(labels=waiting.wanted, note=note)]


def _mark(known: Known, command: MarkRecord, ctx: Context) -> list[DomainEvent]:
    before = known.handling.marked
    originator = command.originator
    if originator and originator != before.originator:
        _check_originator(originator, ctx)
    controlled = known.handling.originator_of(known.owner)
    if controlled and not (command.originator_control and originator == controlled):
        raise RejectedError("Only the originator could lift its own control; ask it to release.")
    marked = RecordMarked(
        tags=tuple(sorted(set(command.tags))),
        originator=originator,
        originator_control=command.originator_control,
        review_on=command.review_on,
    )
    return [] if marked == before else [marked]


def _check_originator(originator: RecordId, ctx: Context) -> None:
    if originator.kind is not Kind.ORGANISATION:
        raise invalid("/originator", "unknown_reference", "There is no such organisation.")
    if originator not in ctx.references and originator != ctx.principal.organisation:
        raise invalid("/originator", "unknown_reference", "There is no such organisation.")


def _answering(known: Known, command: RecordCommand) -> set[RecordId | None]:
    """Whose people may agree or, like the owner's, refuse."""
    originator = known.handling.originator_of(known.owner)
    return {originator, known.owner} if isinstance(command, RefuseRelease) else {originator}


def _caller(ctx: Context) -> RecordId:
    return ctx.principal.organisation

"""Extracts of a record: edited, for more people, each a new record of its kind. Commands and their rules.

| command | rule                                                                                         |
|---------|----------------------------------------------------------------------------------------------|
| request | asks for the labels of an extract; agreed to, approved and refused as releases are           |
| check   | says that an extract holds, although the record has changed since it was made                |
| make    | freely, where nothing guarded is shown to more people and no originator controls the record; |
|         | else once, within what was approved                                                          |

Whoever of the owner reads the record must be able to read its extracts: what its history says of them is
told to all of these. Pure.
"""

from dataclasses import dataclass
from typing import assert_never

from shared.contracts.event import FINER, DomainEvent, Group, Labels
from shared.contracts.records import ExtractChecked, ExtractRequested, RecordExtracted, RecordMarked
from shared.decider import Context
from shared.errors import InvalidError, RejectedError, invalid
from shared.handling import Handling, widens
from shared.ids import RecordId
from shared.known import Known
from shared.labels import from_json, join, label, reads
from shared.labels_asked import LabelsAsked
from shared.record_state import GroupLabels, effective
from shared.values import Text
from shared.write_checks import shows_guarded

NEEDS_APPROVAL, BEYOND_APPROVAL = "extract_needs_approval", "extract_beyond_approval"


@dataclass(frozen=True, slots=True)
class RequestExtract:
    """`labels`: those the extract is to have, or stricter ones."""

    labels: LabelsAsked
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class MakeExtract:
    """`extract` is about to be made, and will have these labels."""

    extract: RecordId
    labels: GroupLabels


@dataclass(frozen=True, slots=True)
class CheckExtract:
    """`extract` holds as the record stands now, or nobody new reads it any more."""

    extract: RecordId


ExtractCommand = RequestExtract | MakeExtract | CheckExtract


def decide_extract(known: Known, command: ExtractCommand, ctx: Context) -> list[DomainEvent]:
    """Raises InvalidError for a label that keeps out who reads the record, RejectedError without approval."""
    match command:
        case RequestExtract():
            return _request(known, command, ctx)
        case MakeExtract():
            return _make(known, command, ctx)
        case CheckExtract(extract):
            if extract not in known.handling.extracts:
                raise unknown_extract()
            return [ExtractChecked(extract=extract)]
        case _:
            assert_never(command)


def unknown_extract() -> InvalidError:
    """The same for what is hidden, absent or no extract of this record."""
    return invalid("/extract", "unknown_reference", "There is no such extract of this record.")


def marks_of_extract(source: Handling, owner: RecordId) -> list[DomainEvent]:
    """What an originator controls stays under its control in whatever is made of it."""
    originator = source.originator_of(owner)
    return [RecordMarked(originator=originator, originator_control=True)] if originator else []


def _request(known: Known, command: RequestExtract, ctx: Context) -> list[DomainEvent]:
    wanted = command.labels.for_known(known.groups, ctx)
    waiting = known.handling.waiting
    if waiting and waiting.extract and waiting.wanted == wanted:
        return []  # a client's retry must be harmless
    if waiting:
        raise RejectedError("Something else that was asked for waits; withdraw it first.")
    if not _needs_approval(known, _labels(wanted), ctx):
        raise RejectedError("Such an extract needs no approval: make it.", code="needs_no_approval")
    return [ExtractRequested(wanted=wanted, reason=command.reason)]


def _make(known: Known, command: MakeExtract, ctx: Context) -> list[DomainEvent]:
    if command.extract in known.handling.extracts:
        return []
    _check_read_by_ours(known, command.labels)
    if _needs_approval(known, command.labels, ctx):
        _check_allowed(known, command.labels)
    return [RecordExtracted(extract=command.extract)]


def _needs_approval(known: Known, wanted: GroupLabels, ctx: Context) -> bool:
    """Of groups that whoever asks does not read nothing is said: he has nothing of them to tell."""
    read = {
        group: own
        for group, own in known.labels.items()
        if reads(ctx.principal.clearance, effective(known.labels, group))
    }
    controlled = _controlled(known)
    return controlled or shows_guarded(ctx.policy, read, _spelled_out(read, wanted))


def _check_allowed(known: Known, wanted: GroupLabels) -> None:
    allowed = known.handling.extract_allowed
    if allowed is None:
        who = "its originator and " if _controlled(known) else ""
        raise RejectedError(
            f"More people would see it than see this record: ask first; {who}a second person must approve.",
            code=NEEDS_APPROVAL,
        )
    permitted = {**known.labels, **_labels(allowed)}
    after = _spelled_out(permitted, wanted)
    if any(widens(permitted[group], after[group]) for group in permitted if group in after):
        raise RejectedError("More people would see it than was approved.", code=BEYOND_APPROVAL)


def _check_read_by_ours(known: Known, wanted: GroupLabels) -> None:
    ours = join(known.labels[Group.BASE], label({}, [{f"org:{known.owner}"}]))
    if widens(wanted[Group.BASE], ours):
        raise invalid(
            "/label",
            "label_above_source",
            "Some of your organisation who read the record could not read this: take a lower label.",
        )


def _controlled(known: Known) -> bool:
    return known.handling.originator_of(known.owner) is not None


def _spelled_out(source: GroupLabels, wanted: GroupLabels) -> GroupLabels:
    """What is told coarsely of the record and has no label of its own in the extract is told in its base."""
    base = wanted.get(Group.BASE)
    in_base = {group: base for group in FINER & source.keys() if base}
    return {**in_base, **wanted}


def _labels(spelled: Labels) -> GroupLabels:
    return {group: from_json(value) for group, value in spelled.items()}

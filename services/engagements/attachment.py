"""The rules of an attachment: added -> withdrawn.

| command  | outcome by state; absent is NotFound but for the first, every other state Rejected |
|----------|--------------------------------------------------------------------------------------|
| add      | absent: added                                                                        |
| withdraw | active: withdrawn; withdrawn: nothing                                                |
| relabel  | every state: relabelled; nothing when that changes nothing                           |

Its label is at least that of what it belongs to.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never

from shared.contracts.commitments import (
    GROUPS,
    AttachmentAdded,
    AttachmentEvent,
    AttachmentRelabelled,
    AttachmentWithdrawn,
)
from shared.contracts.event import Group, Labels
from shared.decider import Context, Decider
from shared.errors import NotFoundError, RejectedError, invalid
from shared.ids import Kind, RecordId
from shared.labels import from_json, join, to_json
from shared.labels_asked import NOTHING_ASKED, LabelsAsked
from shared.roles import Action
from shared.values import Name, Text


class Status(StrEnum):
    """A withdrawn one is out of use, as a retired record is."""

    ABSENT = "absent"
    ACTIVE = "active"
    WITHDRAWN = "retired"


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a stored file. `digest`: SHA-256 of what is stored, `size_bytes`: of the content."""

    name: Name
    media_type: str
    size_bytes: int
    digest: str
    object_name: str


@dataclass(frozen=True, slots=True)
class AddAttachment:
    of: RecordId
    file: File
    labels: LabelsAsked = NOTHING_ASKED


@dataclass(frozen=True, slots=True)
class WithdrawAttachment:
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class RelabelAttachment:
    """`of`: what it belongs to, whose label it does not fall below."""

    labels: LabelsAsked
    reason: Text | None = None
    of: RecordId | None = None


Command = AddAttachment | WithdrawAttachment | RelabelAttachment


@dataclass(frozen=True, slots=True)
class Attachment:
    status: Status = Status.ABSENT
    added: AttachmentAdded | None = None
    labels: Labels = field(default_factory=dict)


def decide(state: Attachment, command: Command, ctx: Context) -> list[AttachmentEvent]:
    match command:
        case AddAttachment():
            if state.status is not Status.ABSENT:
                raise RejectedError("This attachment is already there.")
            return [_add(command, ctx)]
        case _ if state.status is Status.ABSENT:
            raise NotFoundError
        case WithdrawAttachment(reason):
            withdrawn = state.status is Status.WITHDRAWN
            return [] if withdrawn else [AttachmentWithdrawn(reason=reason)]
        case RelabelAttachment():
            return _relabel(state, command, ctx)
        case _:
            assert_never(command)


def evolve(state: Attachment, event: AttachmentEvent) -> Attachment:
    match event:
        case AttachmentAdded(labels=labels):
            return Attachment(Status.ACTIVE, event, labels)
        case AttachmentWithdrawn():
            return replace(state, status=Status.WITHDRAWN)
        case AttachmentRelabelled(labels=labels):
            return replace(state, labels=state.labels | labels)
        case _:
            assert_never(event)


def _add(command: AddAttachment, ctx: Context) -> AttachmentAdded:
    source = ctx.references.get(command.of)
    if source is None:
        raise NotFoundError
    labels = command.labels.for_new(Kind.ATTACHMENT, GROUPS[Kind.ATTACHMENT], ctx)
    if command.labels.label is None:
        labels = {Group.BASE: to_json(join(from_json(labels[Group.BASE]), source.label))}
    _check_floor(labels, command.of, ctx)
    file = command.file
    return AttachmentAdded(
        of=command.of,
        name=file.name,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        digest=file.digest,
        object_name=file.object_name,
        labels=labels,
    )


def _relabel(state: Attachment, command: RelabelAttachment, ctx: Context) -> list[AttachmentEvent]:
    labels = command.labels.for_known(GROUPS[Kind.ATTACHMENT], ctx)
    if state.labels | labels == state.labels:
        return []
    if command.of:
        _check_floor(labels, command.of, ctx)
    return [AttachmentRelabelled(labels=labels, reason=command.reason)]


def _check_floor(labels: Labels, of: RecordId, ctx: Context) -> None:
    source = ctx.references.get(of)
    if source is None or Group.BASE not in labels:
        return
    label = from_json(labels[Group.BASE])
    if join(label, source.label) != label:
        raise invalid(
            "/label",
            "label_below_record",
            "It belongs to a record that fewer may see; use that record's label.",
        )


def _action(command: Command) -> Action:
    match command:
        case AddAttachment():
            return Action.CREATE
        case WithdrawAttachment():
            return Action.CHANGE
        case RelabelAttachment():
            return Action.RELABEL
        case _:
            assert_never(command)


def _references(command: Command) -> frozenset[RecordId]:
    match command:
        case AddAttachment(of=of):
            return frozenset({of})
        case RelabelAttachment(of=of):
            return frozenset({of} if of else ())
        case _:
            return frozenset()


attachment: Decider[Command, AttachmentEvent, Attachment] = Decider(
    kind=Kind.ATTACHMENT,
    groups=GROUPS[Kind.ATTACHMENT],
    initial=Attachment(),
    decide=decide,
    evolve=evolve,
    action=_action,
    references=_references,
    sources=lambda state: frozenset({state.added.of} if state.added else ()),
)

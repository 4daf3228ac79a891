"""Every order a commitment takes, what it needs the right to do, and which groups it touches."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from shared.contracts.commitments import CommitmentFields, Progress
from shared.contracts.event import Group
from shared.ids import RecordId
from shared.labels_asked import NOTHING_ASKED, LabelsAsked
from shared.roles import Action
from shared.values import ExternalId, Text


@dataclass(frozen=True, slots=True)
class GiveCommitment:
    """`guests`: people whom the engagement it was given at knows by name only."""

    fields: CommitmentFields
    labels: LabelsAsked = NOTHING_ASKED
    external_ids: tuple[ExternalId, ...] = ()
    guests: frozenset[RecordId] = frozenset()


@dataclass(frozen=True, slots=True)
class AmendCommitment:
    """It was written down wrongly: the fields as they should stand."""

    fields: CommitmentFields
    reason: Text
    labels: LabelsAsked = NOTHING_ASKED
    guests: frozenset[RecordId] = frozenset()


@dataclass(frozen=True, slots=True)
class AcceptCommitment:
    pass


@dataclass(frozen=True, slots=True)
class NoteProgress:
    progress: Progress
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class AcknowledgeCommitment:
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class DisputeCommitment:
    text: Text


@dataclass(frozen=True, slots=True)
class KeepCommitment:
    """`belonging`: those of `attachments` that are this commitment's own."""

    evidence: Text | None = None
    attachments: tuple[RecordId, ...] = ()
    belonging: frozenset[RecordId] = frozenset()


@dataclass(frozen=True, slots=True)
class BreakCommitment:
    reason: Text


@dataclass(frozen=True, slots=True)
class RenegotiateCommitment:
    """`due_at` as it stands from now on; what else is None stays as it was."""

    reason: Text
    due_at: datetime | None = None
    what: Text | None = None
    conditions: Text | None = None


@dataclass(frozen=True, slots=True)
class WithdrawCommitment:
    reason: Text


@dataclass(frozen=True, slots=True)
class FallOverdue:
    """`due_at`: what the clock believes was promised; if that has changed, nothing happens."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class AssessCommitment:
    assessment: Text | None = None


@dataclass(frozen=True, slots=True)
class RelabelCommitment:
    """`engagement_id`: where it was given, whose label it does not fall below."""

    labels: LabelsAsked
    reason: Text | None = None
    engagement_id: RecordId | None = None


Command = (
    GiveCommitment
    | AmendCommitment
    | AcceptCommitment
    | NoteProgress
    | AcknowledgeCommitment
    | DisputeCommitment
    | KeepCommitment
    | BreakCommitment
    | RenegotiateCommitment
    | WithdrawCommitment
    | FallOverdue
    | AssessCommitment
    | RelabelCommitment
)


def action(command: Command) -> Action:
    match command:
        case GiveCommitment():
            return Action.CREATE
        case RelabelCommitment():
            return Action.RELABEL
        case AcknowledgeCommitment() | DisputeCommitment():
            return Action.RESPOND
        case (
            AmendCommitment()
            | AcceptCommitment()
            | NoteProgress()
            | KeepCommitment()
            | BreakCommitment()
            | RenegotiateCommitment()
            | WithdrawCommitment()
            | FallOverdue()
            | AssessCommitment()
        ):
            return Action.CHANGE
        case _:
            assert_never(command)


def references(command: Command) -> frozenset[RecordId]:
    match command:
        case GiveCommitment(fields) | AmendCommitment(fields):
            return references_of(fields)
        case KeepCommitment(attachments=attachments):
            return frozenset(attachments)
        case RelabelCommitment(engagement_id=engagement_id):
            return frozenset({engagement_id} if engagement_id else ())
        case _:
            return frozenset()


def references_of(fields: CommitmentFields) -> frozenset[RecordId]:
    """Other records a commitment mentions: who promises, to whom, and where it was given."""
    parties = {party.id for party in (fields.by, fields.to) if party}
    return frozenset(parties | ({fields.engagement_id} if fields.engagement_id else set()))


def touches(command: Command) -> dict[str, Group]:
    """Where the request gives content or labels of a group other than the base."""
    match command:
        case GiveCommitment(labels=labels) | AmendCommitment(labels=labels):
            return labels.touches
        case RelabelCommitment(labels):
            return labels.touches
        case AssessCommitment():
            return {"/assessment": Group.OWN_SIDE}
        case _:
            return {}

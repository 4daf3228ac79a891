"""A commitment as its rules know it, and what each event makes of it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never

from services.engagements.commitment_status import CLOSED, Status
from shared.contracts.commitments import (
    CommitmentAccepted,
    CommitmentAcknowledged,
    CommitmentAmended,
    CommitmentAssessed,
    CommitmentBroken,
    CommitmentDisputed,
    CommitmentEvent,
    CommitmentFellOverdue,
    CommitmentFields,
    CommitmentGiven,
    CommitmentKept,
    CommitmentRelabelled,
    CommitmentRenegotiated,
    CommitmentWithdrawn,
    Progress,
    ProgressNoted,
)
from shared.contracts.event import Labels, fields_of
from shared.errors import NotFoundError
from shared.values import Text


@dataclass(frozen=True, slots=True)
class Commitment:
    """`overdue`: since its present `due_at`. `acknowledged`: as it was agreed last. `kept`: how it was."""

    status: Status = Status.ABSENT
    fields: CommitmentFields | None = None
    labels: Labels = field(default_factory=dict)
    progress: Progress | None = None
    acknowledged: bool = False
    overdue: bool = False
    kept: CommitmentKept | None = None
    assessment: Text | None = None

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def due_at(self) -> datetime | None:
        return self.fields.due_at if self.fields else None


def evolve(state: Commitment, event: CommitmentEvent) -> Commitment:  # noqa: C901, PLR0912 - one arm an event
    match event:
        case CommitmentGiven():
            return Commitment(Status.GIVEN, fields_of(event, CommitmentFields), event.labels)
        case CommitmentAmended():
            return _with(state, fields_of(event, CommitmentFields))
        case CommitmentAccepted():
            return replace(state, status=Status.ACCEPTED)
        case ProgressNoted(progress=progress):
            return replace(state, status=Status.IN_PROGRESS, progress=progress)
        case CommitmentAcknowledged():
            return replace(state, acknowledged=True)
        case CommitmentDisputed():
            return state
        case CommitmentKept():
            return replace(state, status=Status.KEPT, kept=event)
        case CommitmentBroken():
            return replace(state, status=Status.BROKEN)
        case CommitmentRenegotiated():
            agreed = _with(state, renegotiated(known(state), event))
            return replace(agreed, acknowledged=False)
        case CommitmentWithdrawn():
            return replace(state, status=Status.WITHDRAWN)
        case CommitmentFellOverdue():
            return replace(state, overdue=True)
        case CommitmentAssessed(assessment=assessment):
            return replace(state, assessment=assessment)
        case CommitmentRelabelled(labels=labels):
            return replace(state, labels=state.labels | labels)
        case _:
            assert_never(event)


def known(state: Commitment) -> CommitmentFields:
    if state.fields is None:
        raise NotFoundError
    return state.fields


def renegotiated(fields: CommitmentFields, event: CommitmentRenegotiated) -> CommitmentFields:
    """The fields once `event` has happened."""
    changed: dict[str, Any] = {"due_at": event.due_at}  # Any: fields of several types
    changed |= {"what": event.what} if event.what else {}
    changed |= {"conditions": event.conditions} if event.conditions else {}
    return fields.model_copy(update=changed)


def _with(state: Commitment, fields: CommitmentFields) -> Commitment:
    """What is due at another time is not overdue until that time has passed."""
    return replace(state, fields=fields, overdue=state.overdue and state.due_at == fields.due_at)

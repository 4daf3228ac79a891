"""An engagement as its rules know it, and what each event makes of it."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from services.engagements.content import Content, with_part
from services.engagements.status import Status
from shared.contracts.engagements import (
    EngagementAmended,
    EngagementApproved,
    EngagementCancelled,
    EngagementClosed,
    EngagementConfirmed,
    EngagementDebriefed,
    EngagementEvent,
    EngagementFields,
    EngagementHeld,
    EngagementPlanned,
    EngagementPostponed,
    EngagementProposed,
    EngagementRecorded,
    EngagementRelabelled,
    EngagementReplanned,
    ParticipantLinked,
    ParticipantNamed,
    PlacePinned,
    PreparationNoted,
    ProposalAccepted,
    SourceRecorded,
)
from shared.contracts.event import Labels, fields_of
from shared.errors import NotFoundError
from shared.values import When


@dataclass(frozen=True, slots=True)
class Engagement:
    """`content` and `labels` are kept to see whether a command would change anything."""

    status: Status = Status.ABSENT
    content: Content | None = None
    labels: Labels = field(default_factory=dict)


def evolve(state: Engagement, event: EngagementEvent) -> Engagement:  # noqa: C901, PLR0912 - one arm an event
    match event:
        case EngagementProposed():
            return _begun(Status.PROPOSED, event, event.labels)
        case EngagementPlanned():
            return _begun(Status.PLANNED, event, event.labels)
        case EngagementRecorded():
            return _begun(Status.HELD, event, event.labels)
        case ProposalAccepted():
            return replace(state, status=Status.PLANNED)
        case EngagementApproved():
            return replace(state, status=Status.APPROVED)
        case EngagementConfirmed():
            return replace(state, status=Status.CONFIRMED)
        case EngagementPostponed(when=when):
            postponed = replace(state, status=Status.POSTPONED)
            return _moved(state, Status.PLANNED, when) if when else postponed
        case EngagementReplanned(when=when):
            return _moved(state, Status.PLANNED, when)
        case EngagementHeld(when=when):
            return _moved(state, Status.HELD, when)
        case EngagementDebriefed():
            return replace(state, status=Status.DEBRIEFED)
        case EngagementClosed():
            return replace(state, status=Status.CLOSED)
        case EngagementCancelled():
            return replace(state, status=Status.CANCELLED)
        case EngagementRelabelled(labels=labels):
            return replace(state, labels=state.labels | labels)
        case EngagementAmended():
            return _with(_unapproved(state), fields=fields_of(event, EngagementFields))
        case (
            ParticipantNamed()
            | ParticipantLinked()
            | PlacePinned()
            | PreparationNoted()
            | SourceRecorded()
        ):
            return replace(state, content=with_part(_known(state), event))
        case _:
            assert_never(event)


def _begun(status: Status, event: EngagementFields, labels: Labels) -> Engagement:
    return Engagement(status, Content(fields_of(event, EngagementFields)), labels)


def _known(state: Engagement) -> Content:
    if state.content is None:
        raise NotFoundError
    return state.content


def _unapproved(state: Engagement) -> Engagement:
    """What was approved is what takes place, or it is to be approved again."""
    return replace(state, status=Status.PLANNED) if state.status is Status.APPROVED else state


def _moved(state: Engagement, status: Status, when: When) -> Engagement:
    moved = _known(state).fields.model_copy(update={"when": when})
    return _with(replace(state, status=status), fields=moved)


def _with(state: Engagement, fields: EngagementFields) -> Engagement:
    return replace(state, content=replace(_known(state), fields=fields))

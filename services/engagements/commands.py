"""Every order an engagement takes, what it needs the right to do, and which groups it touches."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from services.engagements.content import Content, references_of, touched_in
from shared.contracts.engagements import CancelReason, EngagementDebriefed, SourceRecorded
from shared.contracts.event import Group
from shared.ids import RecordId
from shared.labels_asked import NOTHING_ASKED, LabelsAsked
from shared.roles import Action
from shared.values import ExternalId, Text


class First(StrEnum):
    """How a new engagement begins when it is still to come."""

    PROPOSED = "proposed"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Debriefing:
    debriefed: EngagementDebriefed
    source: SourceRecorded | None = None


@dataclass(frozen=True, slots=True)
class PlanEngagement:
    content: Content
    first: First = First.PLANNED
    labels: LabelsAsked = NOTHING_ASKED
    external_ids: tuple[ExternalId, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordHeld:
    """A meeting that nobody planned."""

    content: Content
    debriefing: Debriefing | None = None
    labels: LabelsAsked = NOTHING_ASKED
    external_ids: tuple[ExternalId, ...] = ()


@dataclass(frozen=True, slots=True)
class GoAhead:
    """Accept a proposal, or give a postponed engagement a time again."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApproveEngagement:
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class ConfirmEngagement:
    pass


@dataclass(frozen=True, slots=True)
class PostponeEngagement:
    """To another time, or until further notice."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class HoldEngagement:
    """It took place; a time that is not given is the planned one."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DebriefEngagement:
    debriefing: Debriefing


@dataclass(frozen=True, slots=True)
class AmendEngagement:
    """The base group as it should stand; other groups only when given."""

    content: Content
    reason: Text
    labels: LabelsAsked = NOTHING_ASKED


@dataclass(frozen=True, slots=True)
class CancelEngagement:
    reason: CancelReason
    details: Text | None = None


@dataclass(frozen=True, slots=True)
class CloseEngagement:
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class LinkParticipant:
    """Whoever was known by name only is a person who is registered."""

    provisional_id: RecordId
    person_id: RecordId


@dataclass(frozen=True, slots=True)
class RelabelEngagement:
    labels: LabelsAsked
    reason: Text | None = None


Command = (
    PlanEngagement
    | RecordHeld
    | GoAhead
    | ApproveEngagement
    | ConfirmEngagement
    | PostponeEngagement
    | HoldEngagement
    | DebriefEngagement
    | AmendEngagement
    | CancelEngagement
    | CloseEngagement
    | LinkParticipant
    | RelabelEngagement
)


# Their rules compare times.
IN_TIME = {"/starts_at": Group.TIME}


def action(command: Command) -> Action:
    match command:
        case PlanEngagement() | RecordHeld():
            return Action.CREATE
        case RelabelEngagement():
            return Action.RELABEL
        case ApproveEngagement():
            return Action.APPROVE
        case (
            GoAhead()
            | ConfirmEngagement()
            | PostponeEngagement()
            | HoldEngagement()
            | DebriefEngagement()
            | AmendEngagement()
            | CancelEngagement()
            | CloseEngagement()
            | LinkParticipant()
        ):
            return Action.CHANGE
        case _:
            assert_never(command)


def references(command: Command) -> frozenset[RecordId]:
    match command:
        case PlanEngagement(content) | RecordHeld(content) | AmendEngagement(content):
            return references_of(content)
        case LinkParticipant(person_id=person_id):
            return frozenset({person_id})
        case _:
            return frozenset()


def touches(command: Command) -> dict[str, Group]:
    """Where the request gives content or labels of a group other than the base."""
    match command:
        case RecordHeld(content, debriefing, labels):
            source = {"/debrief/source": Group.SOURCE} if debriefing and debriefing.source else {}
            return touched_in(content) | labels.touches | source
        case PlanEngagement(content, labels=labels) | AmendEngagement(content, labels=labels):
            return touched_in(content) | labels.touches
        case DebriefEngagement(debriefing):
            return IN_TIME | ({"/source": Group.SOURCE} if debriefing.source else {})
        case GoAhead() | PostponeEngagement() | HoldEngagement():
            return IN_TIME
        case RelabelEngagement(labels):
            return labels.touches
        case LinkParticipant():
            return {"/provisional_id": Group.IDENTITY}
        case _:
            return {}

"""What can happen to an engagement; commitments.py tells the rest. Each event touches one field group.

Types, desired effects and cancel reasons follow the field's own forms: key leader engagement plans and
debriefs, and the cancel reasons of advisor networks.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from shared.contracts import commitments
from shared.contracts.commitments import AttachmentEvent, CommitmentEvent
from shared.contracts.event import SEALED, DomainEvent, Group, Labelled, Relabelling
from shared.contracts.records import RecordEvent
from shared.contracts.removals import AnyRemoval
from shared.ids import Kind, RecordId
from shared.values import ExternalId, Grade, Name, Place, Point, ShortWords, Text, Value, When

GROUPS: dict[Kind, tuple[Group, ...]] = {
    Kind.ENGAGEMENT: (
        Group.BASE,
        Group.IDENTITY,
        Group.EXACT_PLACE,
        Group.OWN_SIDE,
        Group.SOURCE,
        Group.PLACE,
        Group.TIME,
    ),
    **commitments.GROUPS,
}


class EngagementType(StrEnum):
    COURTESY_CALL = "courtesy_call"
    INTRODUCTION = "introduction"
    ROUTINE_LIAISON = "routine_liaison"
    KEY_LEADER_ENGAGEMENT = "key_leader_engagement"
    NEGOTIATION_SESSION = "negotiation_session"
    MEDIATION_SESSION = "mediation_session"
    JOINT_COMMITTEE = "joint_committee"
    COORDINATION_MEETING = "coordination_meeting"
    COMMUNITY_MEETING = "community_meeting"
    WOMEN_GROUP_MEETING = "women_group_meeting"
    YOUTH_MEETING = "youth_meeting"
    RELIGIOUS_LEADER_MEETING = "religious_leader_meeting"
    PATROL_STOP_CONTACT = "patrol_stop_contact"
    PHONE_OR_RADIO_CONTACT = "phone_or_radio_contact"
    HAND_OVER_INTRODUCTION = "hand_over_introduction"
    VERIFICATION_VISIT = "verification_visit"
    JOINT_ACTIVITY = "joint_activity"
    CEREMONY = "ceremony"
    MEDIA_ENGAGEMENT = "media_engagement"


class DesiredEffect(StrEnum):
    UNDERSTAND = "understand"
    INFORM = "inform"
    PERSUADE = "persuade"
    DETER = "deter"
    AGREE = "agree"
    THANK = "thank"
    APOLOGISE = "apologise"
    INTRODUCE = "introduce"
    HAND_OVER = "hand_over"


class CancelReason(StrEnum):
    BY_US = "by_us"
    BY_COUNTERPART = "by_counterpart"
    TRANSPORT = "transport"
    FORCE_PROTECTION = "force_protection"
    ROUTES = "routes"
    THREAT = "threat"
    NO_INTERPRETER = "no_interpreter"
    COMMUNICATIONS = "communications"
    NO_REASON_GIVEN = "no_reason_given"


class Atmosphere(StrEnum):
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class Side(StrEnum):
    OURS = "ours"
    COUNTERPART = "counterpart"
    PARTNER = "partner"
    THIRD_PARTY = "third_party"


class Participant(Value):
    """An organisation, or a person known so far only by name (kept in the identity group)."""

    side: Side
    organisation_id: RecordId | None = None
    person_id: RecordId | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.organisation_id is None) == (self.person_id is None):
            raise ValueError("a participant is an organisation or a person")
        return self


class Statement(Value):
    """What was said, by which side, and how far it can be relied on (F6 until judged)."""

    side: Side
    text: Text
    grade: Grade = Grade()


class EngagementFields(DomainEvent):
    """`series`: what meetings that recur have in common ("Weekly security coordination, Malakal")."""

    engagement_type: EngagementType
    purpose: Annotated[Text, SEALED]
    desired_effect: DesiredEffect | None = None
    when: When
    place: Annotated[Place | None, SEALED] = None
    participants: tuple[Participant, ...] = ()
    language: str | None = None
    series: Annotated[ShortWords | None, SEALED] = None


class EngagementProposed(EngagementFields, Labelled):
    type: Literal["engagement.proposed.v1"] = "engagement.proposed.v1"
    external_ids: tuple[ExternalId, ...] = ()


class EngagementPlanned(EngagementFields, Labelled):
    type: Literal["engagement.planned.v1"] = "engagement.planned.v1"
    external_ids: tuple[ExternalId, ...] = ()


class EngagementRecorded(EngagementFields, Labelled):
    """A meeting that was not planned, recorded as held."""

    type: Literal["engagement.recorded.v1"] = "engagement.recorded.v1"
    external_ids: tuple[ExternalId, ...] = ()


class ProposalAccepted(DomainEvent):
    """A proposed engagement is now planned, as it stands."""

    type: Literal["engagement.proposal_accepted.v1"] = "engagement.proposal_accepted.v1"


class EngagementAmended(EngagementFields):
    """All amendable base fields as they stand from now on."""

    type: Literal["engagement.amended.v1"] = "engagement.amended.v1"
    reason: Annotated[Text, SEALED]


class EngagementConfirmed(DomainEvent):
    type: Literal["engagement.confirmed.v1"] = "engagement.confirmed.v1"


class EngagementApproved(DomainEvent):
    """A second person of the owner lets it go ahead, where the mission's policy asks for that."""

    type: Literal["engagement.approved.v1"] = "engagement.approved.v1"
    note: Annotated[Text | None, SEALED] = None


class EngagementPostponed(DomainEvent):
    """It does not take place as planned; `when` is the new time, or None when there is none yet."""

    type: Literal["engagement.postponed.v1"] = "engagement.postponed.v1"
    when: When | None = None
    reason: Annotated[Text | None, SEALED] = None


class EngagementReplanned(DomainEvent):
    """A postponed engagement has a time again."""

    type: Literal["engagement.replanned.v1"] = "engagement.replanned.v1"
    when: When


class EngagementClosed(DomainEvent):
    """Nothing is left to be done about it."""

    type: Literal["engagement.closed.v1"] = "engagement.closed.v1"
    note: Annotated[Text | None, SEALED] = None


class EngagementHeld(DomainEvent):
    type: Literal["engagement.held.v1"] = "engagement.held.v1"
    when: When


class EngagementDebriefed(DomainEvent):
    """Who said what, and what came of it."""

    type: Literal["engagement.debriefed.v1"] = "engagement.debriefed.v1"
    summary: Annotated[Text, SEALED]
    outcomes: Annotated[Text | None, SEALED] = None
    next_steps: Annotated[Text | None, SEALED] = None
    atmosphere: Atmosphere | None = None
    atmosphere_details: Annotated[Text | None, SEALED] = None
    statements: Annotated[tuple[Statement, ...], SEALED] = ()


class EngagementCancelled(DomainEvent):
    type: Literal["engagement.cancelled.v1"] = "engagement.cancelled.v1"
    cancel_reason: CancelReason
    details: Annotated[Text | None, SEALED] = None


class EngagementRelabelled(Relabelling):
    type: Literal["engagement.relabelled.v1"] = "engagement.relabelled.v1"
    reason: Annotated[Text | None, SEALED] = None


class ParticipantNamed(DomainEvent):
    """A participant known by name only, "to be completed"; sealed under the provisional person."""

    group: ClassVar[Group] = Group.IDENTITY
    type: Literal["engagement.participant_named.v1"] = "engagement.participant_named.v1"
    person_id: RecordId
    name: Annotated[Name, SEALED]

    @property
    def key_subject(self) -> RecordId:
        return self.person_id


class ParticipantLinked(DomainEvent):
    """A participant known by name only turns out to be a person who is registered."""

    group: ClassVar[Group] = Group.IDENTITY
    type: Literal["engagement.participant_linked.v1"] = "engagement.participant_linked.v1"
    provisional_id: RecordId
    person_id: RecordId


class PlacePinned(DomainEvent):
    """The exact spot."""

    group: ClassVar[Group] = Group.EXACT_PLACE
    type: Literal["engagement.place_pinned.v1"] = "engagement.place_pinned.v1"
    point: Annotated[Point, SEALED]
    description: Annotated[Text | None, SEALED] = None


class PreparationNoted(DomainEvent):
    """Our own side's preparation, as it stands from now on."""

    group: ClassVar[Group] = Group.OWN_SIDE
    type: Literal["engagement.preparation_noted.v1"] = "engagement.preparation_noted.v1"
    talking_points: Annotated[tuple[Text, ...], SEALED] = ()
    do_not_say: Annotated[tuple[Text, ...], SEALED] = ()
    red_lines: Annotated[tuple[Text, ...], SEALED] = ()


class SourceRecorded(DomainEvent):
    """Where information came from; sealed under the source's own provisional person."""

    group: ClassVar[Group] = Group.SOURCE
    type: Literal["engagement.source_recorded.v1"] = "engagement.source_recorded.v1"
    person_id: RecordId
    description: Annotated[Text, SEALED]
    grade: Annotated[Grade, SEALED] = Grade()

    @property
    def key_subject(self) -> RecordId:
        return self.person_id


EngagementEvent = (
    EngagementProposed
    | EngagementPlanned
    | EngagementRecorded
    | ProposalAccepted
    | EngagementAmended
    | EngagementConfirmed
    | EngagementApproved
    | EngagementPostponed
    | EngagementReplanned
    | EngagementClosed
    | EngagementHeld
    | EngagementDebriefed
    | EngagementCancelled
    | EngagementRelabelled
    | ParticipantNamed
    | ParticipantLinked
    | PlacePinned
    | PreparationNoted
    | SourceRecorded
)
EngagementsEvent = EngagementEvent | CommitmentEvent | AttachmentEvent | RecordEvent | AnyRemoval

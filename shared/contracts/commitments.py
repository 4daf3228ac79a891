"""What can happen to a commitment: a promise by us or to us; and to an attachment that proves something.

Words for formality and progress follow the field: verbal, minuted or signed; the Kroc peace accords
matrix' 0 not initiated, 1 minimal, 2 intermediate, 3 full implementation.
"""

from enum import IntEnum, StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.event import SEALED, DomainEvent, Group, Labelled, Relabelling
from shared.ids import Kind, RecordId
from shared.values import ExternalId, Moment, Name, Text, Value

GROUPS: dict[Kind, tuple[Group, ...]] = {
    Kind.COMMITMENT: (Group.BASE, Group.OWN_SIDE),
    Kind.ATTACHMENT: (Group.BASE,),
}

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Direction(StrEnum):
    """Seen from the organisation that owns the record."""

    BY_US = "by_us"
    TO_US = "to_us"


class Formality(StrEnum):
    VERBAL = "verbal"
    MINUTED = "minuted"
    SIGNED = "signed"


class Progress(IntEnum):
    NOT_INITIATED = 0
    MINIMAL = 1
    INTERMEDIATE = 2
    FULL = 3


class Party(Value):
    """Who promises, or is promised something: an organisation, a person or a post."""

    organisation_id: RecordId | None = None
    person_id: RecordId | None = None
    post_id: RecordId | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        given = (self.organisation_id, self.person_id, self.post_id)
        if len([one for one in given if one is not None]) != 1:
            raise ValueError("give one of organisation_id, person_id and post_id")
        return self

    @property
    def id(self) -> RecordId:
        found = self.organisation_id or self.person_id or self.post_id
        if found is None:
            raise ValueError("a party is somebody")
        return found


class CommitmentFields(DomainEvent):
    """`by` owes it, `to` is owed it. `due_at`: the last moment (UTC); None: nobody said when."""

    direction: Direction
    what: Annotated[Text, SEALED]
    by: Party
    to: Party | None = None
    due_at: Moment | None = None
    conditions: Annotated[Text | None, SEALED] = None
    evidence_expected: Annotated[Text | None, SEALED] = None
    formality: Formality = Formality.VERBAL
    engagement_id: RecordId | None = None


class CommitmentGiven(CommitmentFields, Labelled):
    type: Literal["commitment.given.v1"] = "commitment.given.v1"
    external_ids: tuple[ExternalId, ...] = ()


class CommitmentAmended(CommitmentFields):
    """It was written down wrongly: all fields as they stand from now on. What was promised anew is
    renegotiated instead."""

    type: Literal["commitment.amended.v1"] = "commitment.amended.v1"
    reason: Annotated[Text, SEALED]


class CommitmentAccepted(DomainEvent):
    type: Literal["commitment.accepted.v1"] = "commitment.accepted.v1"


class ProgressNoted(DomainEvent):
    type: Literal["commitment.progress_noted.v1"] = "commitment.progress_noted.v1"
    progress: Progress
    note: Annotated[Text | None, SEALED] = None


class CommitmentAcknowledged(DomainEvent):
    """The other side says that it was kept."""

    type: Literal["commitment.acknowledged.v1"] = "commitment.acknowledged.v1"
    note: Annotated[Text | None, SEALED] = None


class CommitmentDisputed(DomainEvent):
    """Somebody who may read it says otherwise; nothing is overwritten."""

    type: Literal["commitment.disputed.v1"] = "commitment.disputed.v1"
    text: Annotated[Text, SEALED]


class CommitmentKept(DomainEvent):
    """With evidence in words or as attachments, or after the counterpart's acknowledgement."""

    type: Literal["commitment.kept.v1"] = "commitment.kept.v1"
    evidence: Annotated[Text | None, SEALED] = None
    attachments: tuple[RecordId, ...] = ()


class CommitmentBroken(DomainEvent):
    type: Literal["commitment.broken.v1"] = "commitment.broken.v1"
    reason: Annotated[Text, SEALED]


class CommitmentRenegotiated(DomainEvent):
    """What both sides agree now; what is None stays as it was, but for `due_at`, which stands as given."""

    type: Literal["commitment.renegotiated.v1"] = "commitment.renegotiated.v1"
    due_at: Moment | None = None
    what: Annotated[Text | None, SEALED] = None
    conditions: Annotated[Text | None, SEALED] = None
    reason: Annotated[Text, SEALED]


class CommitmentWithdrawn(DomainEvent):
    type: Literal["commitment.withdrawn.v1"] = "commitment.withdrawn.v1"
    reason: Annotated[Text, SEALED]


class CommitmentFellOverdue(DomainEvent):
    """`due_at` has passed; raised once for each `due_at`, by the clock."""

    type: Literal["commitment.overdue.v1"] = "commitment.overdue.v1"
    due_at: Moment


class CommitmentAssessed(DomainEvent):
    """What our own side makes of it, as it stands from now on."""

    group: ClassVar[Group] = Group.OWN_SIDE
    type: Literal["commitment.assessed.v1"] = "commitment.assessed.v1"
    assessment: Annotated[Text | None, SEALED] = None


class CommitmentRelabelled(Relabelling):
    type: Literal["commitment.relabelled.v1"] = "commitment.relabelled.v1"
    reason: Annotated[Text | None, SEALED] = None


class AttachmentAdded(Labelled):
    """A file. `digest`: sha256 of the stored ciphertext, `size_bytes`: of the clear content."""

    type: Literal["attachment.added.v1"] = "attachment.added.v1"
    of: RecordId
    name: Annotated[Name, SEALED]
    media_type: str
    size_bytes: Annotated[int, Field(ge=0)]
    digest: Digest
    object_name: str


class AttachmentWithdrawn(DomainEvent):
    type: Literal["attachment.withdrawn.v1"] = "attachment.withdrawn.v1"
    reason: Annotated[Text | None, SEALED] = None


class AttachmentRelabelled(Relabelling):
    type: Literal["attachment.relabelled.v1"] = "attachment.relabelled.v1"
    reason: Annotated[Text | None, SEALED] = None


CommitmentEvent = (
    CommitmentGiven
    | CommitmentAmended
    | CommitmentAccepted
    | ProgressNoted
    | CommitmentAcknowledged
    | CommitmentDisputed
    | CommitmentKept
    | CommitmentBroken
    | CommitmentRenegotiated
    | CommitmentWithdrawn
    | CommitmentFellOverdue
    | CommitmentAssessed
    | CommitmentRelabelled
)
AttachmentEvent = AttachmentAdded | AttachmentWithdrawn | AttachmentRelabelled

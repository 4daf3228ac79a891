"""What partners get of people, posts, commitments and attachments, described."""

from datetime import date, datetime
from typing import Literal

from services.gateway.partner_api.schemas_parts import Answer, RecordView, ShownText
from shared.contracts.commitments import Direction, Formality, Progress
from shared.contracts.people import (
    ContactMeans,
    LanguageBasis,
    LanguageProfile,
    ProtocolTopic,
    TieKind,
)
from shared.ids import Kind, RecordId
from shared.values import AliasKind, Grade


class AliasView(Answer):
    name: ShownText
    alias_kind: AliasKind
    transliteration: str | None = None


class PersonIdentityView(Answer):
    name: ShownText | None = None
    aliases: list[AliasView] = []
    form_of_address: ShownText | None = None


class ProtocolNoteView(Answer):
    topic: ProtocolTopic
    text: ShownText


class ProtocolView(Answer):
    notes: list[ProtocolNoteView] = []


class LanguageView(Answer):
    language: str
    profile: LanguageProfile
    basis: LanguageBasis
    assessed_on: date | None = None
    expires_on: date | None = None


class TieView(Answer):
    organisation_id: RecordId
    tie: TieKind
    since: date | None = None
    until: date | None = None
    grade: Grade


class ContactDetailView(Answer):
    means: ContactMeans
    value: str
    note: ShownText | None = None


class PrivateView(Answer):
    contact_details: list[ContactDetailView] = []
    private_note: ShownText | None = None


class PersonView(RecordView):
    """`private` is never in a view: it is read through `read_private`, one recorded reading each."""

    kind: Literal[Kind.PERSON]
    described_as: ShownText | None = None
    note: ShownText | None = None
    languages: list[LanguageView] = []
    ties: list[TieView] = []
    merged_into: RecordId | None = None
    reason: ShownText | None = None
    identity: PersonIdentityView | None = None
    protocol: ProtocolView | None = None


class HolderView(Answer):
    person_id: RecordId
    since: date
    until: date | None = None
    acting: bool = False
    reason: ShownText | None = None


class PostHoldersView(Answer):
    holders: list[HolderView] = []


class PostView(RecordView):
    kind: Literal[Kind.POST]
    name: ShownText | None = None
    organisation_id: RecordId | None = None
    place_id: RecordId | None = None
    area: str | None = None
    note: ShownText | None = None
    reason: ShownText | None = None
    identity: PostHoldersView | None = None


class PartyView(Answer):
    organisation_id: RecordId | None = None
    person_id: RecordId | None = None
    post_id: RecordId | None = None


class ProgressView(Answer):
    progress: Progress
    note: ShownText | None = None


class AcknowledgementView(Answer):
    note: ShownText | None = None


class DisputeView(Answer):
    text: ShownText


class AssessmentView(Answer):
    assessment: ShownText | None = None


class CommitmentView(RecordView):
    """`overdue` stands beside the status: an overdue commitment may yet be kept."""

    kind: Literal[Kind.COMMITMENT]
    direction: Direction | None = None
    what: ShownText | None = None
    by: PartyView | None = None
    to: PartyView | None = None
    due_at: datetime | None = None
    overdue: bool = False
    conditions: ShownText | None = None
    evidence_expected: ShownText | None = None
    formality: Formality | None = None
    engagement_id: RecordId | None = None
    progress: Progress | None = None
    notes: list[ProgressView] = []
    acknowledgements: list[AcknowledgementView] = []
    disputes: list[DisputeView] = []
    evidence: ShownText | None = None
    attachments: list[RecordId] = []
    reason: ShownText | None = None
    own_side: AssessmentView | None = None


class AttachmentView(RecordView):
    """The content is at `/v1/attachments/{id}/content`."""

    kind: Literal[Kind.ATTACHMENT]
    of: RecordId | None = None
    name: ShownText | None = None
    media_type: str | None = None
    size_bytes: int | None = None
    digest: str | None = None
    reason: ShownText | None = None

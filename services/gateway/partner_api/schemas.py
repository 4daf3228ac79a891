"""What partners get, described: the shapes of answers, for the document and for checks against it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from services.gateway.explaining.schemas import AccessShown, ExtractPreviewShown, PreviewShown
from services.gateway.partner_api.schemas_extracts import ExtractsShown
from services.gateway.partner_api.schemas_heads import Heads
from services.gateway.partner_api.schemas_parts import Answer, RecordView, ShownText
from services.gateway.partner_api.schemas_removals import RemovalAnswer
from services.gateway.partner_api.schemas_work import (
    AttachmentView,
    CommitmentView,
    PersonView,
    PostView,
    PrivateView,
)
from services.gateway.reads.schemas import ReadsShown
from shared.contracts.contacts import OrganisationKind, PlaceLevel
from shared.contracts.engagements import (
    Atmosphere,
    CancelReason,
    DesiredEffect,
    EngagementType,
    Side,
)
from shared.contracts.event import Group
from shared.ids import Kind, RecordId
from shared.policy import WireLabel
from shared.values import Grade, Place, Point, Precision, TimePrecision


class OrganisationView(RecordView):
    kind: Literal[Kind.ORGANISATION]
    organisation_kind: OrganisationKind | None = None
    name: ShownText | None = None
    short_name: ShownText | None = None
    aliases: list[ShownText] = []
    affiliation: RecordId | None = None
    note: ShownText | None = None
    reason: ShownText | None = None
    merged_into: RecordId | None = None


class PlaceView(RecordView):
    kind: Literal[Kind.PLACE]
    name: ShownText | None = None
    alternative_names: list[ShownText] = []
    level: PlaceLevel | None = None
    pcode: str | None = None
    area: str | None = None
    parent_id: RecordId | None = None
    point: Point | None = None
    precision: Precision | None = None
    source: ShownText | None = None
    reason: ShownText | None = None


class ParticipantView(Answer):
    side: Side
    organisation_id: RecordId | None = None
    person_id: RecordId | None = None


class StatementView(Answer):
    side: Side
    text: ShownText
    grade: Grade


class NamedPerson(Answer):
    person_id: RecordId
    name: ShownText


class IdentityView(Answer):
    people: list[NamedPerson] = []


class ExactPlaceView(Answer):
    point: Point | None = None
    description: ShownText | None = None


class OwnSideView(Answer):
    talking_points: list[ShownText] = []
    do_not_say: list[ShownText] = []
    red_lines: list[ShownText] = []


class SourceView(Answer):
    description: ShownText | None = None
    grade: Grade | None = None


class EngagementView(RecordView):
    kind: Literal[Kind.ENGAGEMENT]
    engagement_type: EngagementType | None = None
    purpose: ShownText | None = None
    desired_effect: DesiredEffect | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    time_precision: TimePrecision | None = None
    zone: str | None = None
    place: Place | None = None
    participants: list[ParticipantView] = []
    language: str | None = None
    summary: ShownText | None = None
    outcomes: ShownText | None = None
    next_steps: ShownText | None = None
    atmosphere: Atmosphere | None = None
    atmosphere_details: ShownText | None = None
    statements: list[StatementView] = []
    cancel_reason: CancelReason | None = None
    details: ShownText | None = None
    identity: IdentityView | None = None
    exact_place: ExactPlaceView | None = None
    own_side: OwnSideView | None = None
    source: SourceView | None = None


class Hint(Answer):
    """Something worth a look: another record that may be the same, say."""

    code: str
    detail: str
    record_id: RecordId | None = None


class Accepted(Answer):
    """A write that stands. `position`: hand it back as `at_least` to read what you wrote.

    `private`: only of `read_private`, what was read.
    """

    id: RecordId
    version: str
    position: str
    outcome: Literal["created", "amended", "unchanged"]
    hints: list[Hint] = []
    private: PrivateView | None = None


class Validated(Answer):
    """A write that would stand; nothing was written."""

    outcome: str
    validated: Literal[True]


class FieldProblem(Answer):
    """`pointer`: JSON pointer into the body, or `?name` of a parameter."""

    pointer: str
    code: str
    detail: str
    candidates: list[dict[str, str]] = []


class Problem(Answer):
    """RFC 9457. What you may not see and what is not there are answered alike."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: list[FieldProblem] = []


class BatchAnswerItem(Answer):
    """`problem` when the item was refused, else as for a single write."""

    key: str
    status: int
    id: RecordId | None = None
    version: str | None = None
    position: str | None = None
    outcome: str | None = None
    replayed: bool | None = None
    hints: list[Hint] = []
    problem: Problem | None = None


class BatchAnswer(Answer):
    items: list[BatchAnswerItem]


class Change(Answer):
    """A change of your view. `revoked`: you may no longer see the record."""

    id: RecordId
    kind: Kind
    what: Literal["changed", "revoked"]
    group: Group | None = None
    version: str | None = None
    record: RecordView | None = None


class Changes(Answer):
    """`reset`: what you were told before may be incomplete; read the lists again."""

    items: list[Change]
    next_cursor: str
    reset: bool


class Page(Answer):
    items: list[
        OrganisationView
        | PlaceView
        | PersonView
        | PostView
        | EngagementView
        | CommitmentView
        | AttachmentView
    ]
    next_cursor: str | None
    count: int | None = None


class Parts(Answer):
    """Oldest first."""

    items: list[dict[str, Any]]  # Any: differs by kind and event


class Suggestion(Answer):
    """`name`: the one that is nearest to what was asked; `score`: how near, 1 being the very name."""

    id: RecordId
    kind: Kind
    type: str
    title: str | None
    name: str
    score: float
    owner: RecordId
    label: WireLabel


class Suggestions(Answer):
    """Best first, at most ten. `owner` and `label` are of the record and field group that say the name."""

    items: list[Suggestion]


class FeatureCollection(Answer):
    """GeoJSON (RFC 7946). A feature with `count` stands for that many records close together."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]  # Any: GeoJSON


class Token(Answer):
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int


VIEWS: dict[Kind, type[RecordView]] = {
    Kind.ORGANISATION: OrganisationView,
    Kind.PLACE: PlaceView,
    Kind.PERSON: PersonView,
    Kind.POST: PostView,
    Kind.ENGAGEMENT: EngagementView,
    Kind.COMMITMENT: CommitmentView,
    Kind.ATTACHMENT: AttachmentView,
}
ANSWERS: tuple[type[BaseModel], ...] = (
    *VIEWS.values(),
    RecordView,
    Accepted,
    Validated,
    Problem,
    BatchAnswer,
    Change,
    Changes,
    Page,
    Parts,
    Suggestions,
    FeatureCollection,
    Heads,
    ReadsShown,
    AccessShown,
    PreviewShown,
    ExtractPreviewShown,
    RemovalAnswer,
    ExtractsShown,
    Token,
)

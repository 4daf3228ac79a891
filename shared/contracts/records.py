"""What can happen to a record of any kind: its handling is marked, it is released, extracts are made.

Both deciding services write these, through `shared/releasing.py` alone.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.event import SEALED, DomainEvent, Group, Labels, Relabelling
from shared.ids import RecordId
from shared.values import Text


class Tag(StrEnum):
    """Informative: it tells a reader how to handle what he reads, and never decides who reads."""

    EXERCISE = "EXERCISE"
    CHATHAM_HOUSE = "CHATHAM-HOUSE"
    PERSONAL_DATA = "PERSONAL-DATA"


class RecordMarked(DomainEvent):
    """How it is to be handled, as it stands from now on.

    `originator`: whose information it is, where that is not the owner. Under `originator_control` nobody
    releases it further without the originator. `review_on`: when its label is to be looked at again.
    """

    type: Literal["record.marked.v1"] = "record.marked.v1"
    tags: tuple[Tag, ...] = ()
    originator: RecordId | None = None
    originator_control: bool = False
    review_on: date | None = None


class ReleaseRequested(DomainEvent):
    """Somebody of the owner asks that more people may see it. `wanted` holds only once it is released.

    `at` (UTC): from when on they are to see it; None: as soon as it is approved.
    """

    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.release_requested.v1"] = "record.release_requested.v1"
    wanted: Labels
    reason: Annotated[Text | None, SEALED] = None
    at: AwareDatetime | None = None


class ReleaseAgreed(DomainEvent):
    """The originator, whose control it is under, agrees to the release that is asked for."""

    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.release_agreed.v1"] = "record.release_agreed.v1"
    note: Annotated[Text | None, SEALED] = None


class ReleaseRefused(DomainEvent):
    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.release_refused.v1"] = "record.release_refused.v1"
    reason: Annotated[Text | None, SEALED] = None


class ReleaseWithdrawn(DomainEvent):
    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.release_withdrawn.v1"] = "record.release_withdrawn.v1"


class RecordReleased(Relabelling):
    """The same content to more people, by a second person of the owner. Earlier versions keep theirs."""

    widens: ClassVar[bool] = True
    type: Literal["record.released.v1"] = "record.released.v1"
    note: Annotated[Text | None, SEALED] = None


class ReleaseScheduled(DomainEvent):
    """A second person of the owner approved a release that takes effect by itself, `at` a moment (UTC)."""

    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.release_scheduled.v1"] = "record.release_scheduled.v1"
    at: AwareDatetime
    labels: Labels
    note: Annotated[Text | None, SEALED] = None


class RecordScheduled(DomainEvent):
    """When (UTC) its label changes by itself, as it stands from now on.

    From `declassify_at` it carries `declassify_to`; from `expires_at` its owner alone reads it.
    """

    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.scheduled.v1"] = "record.scheduled.v1"
    declassify_at: AwareDatetime | None = None
    declassify_to: Labels = Field(default_factory=dict)
    expires_at: AwareDatetime | None = None


class RecordDeclassified(Relabelling):
    """Its declassify date, `due_at` (UTC), has come: more people may see it, as was decided before."""

    widens: ClassVar[bool] = True
    type: Literal["record.declassified.v1"] = "record.declassified.v1"
    due_at: AwareDatetime


class RecordExpired(Relabelling):
    """Its expiry date, `due_at` (UTC), has come: it is its owner's alone again."""

    type: Literal["record.expired.v1"] = "record.expired.v1"
    due_at: AwareDatetime


class ExtractRequested(DomainEvent):
    """Somebody of the owner asks to make an extract that more people may see than the record itself.

    `wanted`: the labels the extract is to have at the least.
    """

    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.extract_requested.v1"] = "record.extract_requested.v1"
    wanted: Labels
    reason: Annotated[Text | None, SEALED] = None


class ExtractAllowed(DomainEvent):
    """A second person of the owner approved one extract under these labels, or stricter ones."""

    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.extract_allowed.v1"] = "record.extract_allowed.v1"
    labels: Labels
    note: Annotated[Text | None, SEALED] = None


class RecordExtracted(DomainEvent):
    """An extract of it was made: a record of its own, of the same kind, which says nothing of this one."""

    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.extracted.v1"] = "record.extracted.v1"
    extract: RecordId


class ExtractChecked(DomainEvent):
    """Somebody of the owner saw to it that an extract holds, or was recalled, as the record stands now."""

    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.extract_checked.v1"] = "record.extract_checked.v1"
    extract: RecordId


RecordEvent = (
    RecordMarked
    | ReleaseRequested
    | ReleaseAgreed
    | ReleaseRefused
    | ReleaseWithdrawn
    | RecordReleased
    | ReleaseScheduled
    | RecordScheduled
    | RecordDeclassified
    | RecordExpired
    | ExtractRequested
    | ExtractAllowed
    | RecordExtracted
    | ExtractChecked
)

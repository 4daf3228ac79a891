"""What every answer and every view has in common."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.coarsening import Form
from shared.contracts.event import Group
from shared.contracts.removals import Ground
from shared.ids import Kind, RecordId
from shared.policy import WireLabel
from shared.values import ExternalId


class Answer(BaseModel):
    """Answers may grow: ignore fields you do not know."""

    model_config = ConfigDict(frozen=True, extra="allow")


class ShownText(Answer):
    """Words and their language (BCP 47). `erased`: the words are gone for good."""

    text: str | None
    lang: str | None = None
    script: str | None = None
    erased: bool | None = None


class MarkedView(Answer):
    """How the record is to be handled; it never decides who reads it."""

    tags: list[str] = []
    originator: RecordId | None = None
    originator_control: bool = False
    review_on: date | None = None


class WaitingView(Answer):
    """A release that was asked for and waits for a second person. `by`: who asked."""

    wanted: dict[Group, WireLabel]
    reason: ShownText | None = None
    by: str
    agreed: bool
    at: Annotated[
        datetime | None, Field(description="From when on; without it, once it is approved.")
    ] = None
    extract: Annotated[
        bool, Field(description="Not the record itself, but an extract of it is to be made.")
    ] = False


class DatesView(Answer):
    """When its label changes by itself."""

    declassify_at: datetime | None = None
    declassify_to: dict[Group, WireLabel] = {}
    expires_at: datetime | None = None


class AllowedView(Answer):
    """One extract may be made, under these labels or stricter ones."""

    labels: dict[Group, WireLabel]


class RefusedView(Answer):
    reason: ShownText | None = None


class RemovalWaitingView(Answer):
    """A removal that was asked for and waits for a second person. `by`: who asked; `at`: when."""

    ground: Ground
    reason: ShownText | None = None
    by: str
    at: datetime


class HandlingView(Answer):
    """Only for the record's owner, and for the originator that controls it."""

    waiting: WaitingView | None = None
    refused: RefusedView | None = None
    dates: DatesView | None = None
    extract_allowed: AllowedView | None = None
    removal: RemovalWaitingView | None = None
    removal_refused: RefusedView | None = None


class RecordView(Answer):
    """A record as you may see it. With `fields=` only those named and the required ones are sent."""

    id: RecordId
    kind: Kind
    version: Annotated[str, Field(description="The ETag of your view of the record.")]
    label: WireLabel
    tags: list[str]
    status: str | None = None
    title: ShownText | None = None
    owner: RecordId | None = None
    recorded_at: datetime | None = None
    updated_at: datetime | None = None
    group_labels: Annotated[
        dict[Group, WireLabel], Field(description="Labels of the field groups you may read.")
    ] = {}
    withheld: Annotated[
        list[Group], Field(description="Groups not releasable to you, with or without content.")
    ] = []
    coarse: Annotated[
        dict[Group, Form | None],
        Field(description="What you are told coarsely, or (null) not at all, and in which form."),
    ] = {}
    external_ids: list[ExternalId] = []
    marked: MarkedView | None = None
    handling: HandlingView | None = None

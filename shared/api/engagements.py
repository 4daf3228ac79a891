"""What partners may send about engagements."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.api.commitments import PartyIn
from shared.api.common import LabelledRequest, NameIn, NewRecord, Request, TextIn
from shared.contracts.commitments import Direction, Formality
from shared.contracts.engagements import (
    Atmosphere,
    CancelReason,
    DesiredEffect,
    EngagementType,
    Side,
)
from shared.ids import RecordId
from shared.values import Grade, Language, Moment, Point, ShortWords

MINUTES_LIMIT = 14 * 24 * 60


class FirstStatus(StrEnum):
    PROPOSED = "proposed"
    PLANNED = "planned"


class ParticipantIn(Request):
    """An organisation or a person by id, or somebody by name only ("to be completed").

    `person_id` is a registered person, or somebody who is named on this engagement already.
    """

    side: Side
    organisation_id: RecordId | None = None
    name: NameIn | None = None
    person_id: RecordId | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        given = [self.organisation_id, self.name, self.person_id]
        if len([one for one in given if one is not None]) != 1:
            raise ValueError("give one of organisation_id, name and person_id")
        return self


class PlaceIn(Request):
    """A name links to the one place in the mission's area so called; several are a 422."""

    place_id: RecordId | None = None
    name: ShortWords | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.place_id is None) == (self.name is None):
            raise ValueError("give place_id or name, not both")
        return self


class ExactPlaceIn(Request):
    point: Point
    description: TextIn | None = None


class OwnSideIn(Request):
    talking_points: Annotated[tuple[TextIn, ...], Field(max_length=50)] = ()
    do_not_say: Annotated[tuple[TextIn, ...], Field(max_length=50)] = ()
    red_lines: Annotated[tuple[TextIn, ...], Field(max_length=50)] = ()


class SourceIn(Request):
    description: TextIn
    grade: Grade = Grade()


class EngagementFieldsIn(LabelledRequest):
    """Ends by `ends_at` or lasts `duration_minutes` (60 when neither is given)."""

    type: EngagementType
    purpose: TextIn
    desired_effect: DesiredEffect | None = None
    starts_at: Moment
    ends_at: Moment | None = None
    duration_minutes: Annotated[int | None, Field(ge=1, le=MINUTES_LIMIT)] = None
    place: PlaceIn | None = None
    participants: Annotated[tuple[ParticipantIn, ...], Field(max_length=100)] = ()
    language: Language | None = None
    series: Annotated[
        ShortWords | None, Field(description="What meetings that recur have in common.")
    ] = None
    exact_place: ExactPlaceIn | None = None
    own_side: OwnSideIn | None = None
    source: SourceIn | None = None

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.ends_at is not None and self.duration_minutes is not None:
            raise ValueError("give ends_at or duration_minutes, not both")
        if self.ends_at is not None and self.ends_at < self.starts_at:
            raise ValueError("ends_at lies before starts_at")
        return self

    @property
    def end(self) -> datetime:
        return self.ends_at or self.starts_at + timedelta(minutes=self.duration_minutes or 60)


class PlanEngagement(EngagementFieldsIn, NewRecord):
    status: FirstStatus = FirstStatus.PLANNED


class AmendEngagement(EngagementFieldsIn):
    """All base fields as they should stand; other groups only when given. Unnamed labels stay."""

    reason: TextIn


class PutEngagement(EngagementFieldsIn):
    """Planned when new, amended when known; `reason` is why it changed, where the caller can say."""

    status: FirstStatus = FirstStatus.PLANNED
    reason: TextIn | None = None


class StatementIn(Request):
    side: Side
    text: TextIn
    grade: Grade = Grade()


class Promised(Request):
    """A promise made at the meeting; it becomes a commitment of its own, made at this engagement.

    `by` and `to` may be left out: then it is our organisation and the only counterpart of the meeting.
    """

    direction: Direction
    what: TextIn
    by: PartyIn | None = None
    to: PartyIn | None = None
    due_at: Moment | None = None
    conditions: TextIn | None = None
    evidence_expected: TextIn | None = None
    formality: Formality = Formality.VERBAL


class Debrief(Request):
    summary: TextIn
    outcomes: TextIn | None = None
    next_steps: TextIn | None = None
    atmosphere: Atmosphere | None = None
    atmosphere_details: TextIn | None = None
    statements: Annotated[tuple[StatementIn, ...], Field(max_length=100)] = ()
    commitments: Annotated[tuple[Promised, ...], Field(max_length=50)] = ()
    source: SourceIn | None = None


class RecordHeld(EngagementFieldsIn, NewRecord):
    """A meeting nobody planned, recorded as held; with `debrief`, debriefed in the same step."""

    debrief: Debrief | None = None


class Hold(Request):
    """It took place; times default to the planned ones."""

    starts_at: Moment | None = None
    ends_at: Moment | None = None


class Cancel(Request):
    reason: CancelReason
    details: TextIn | None = None


class Approve(Request):
    note: TextIn | None = None


class Postpone(Request):
    """Without `starts_at` there is no new time yet; it keeps its length when only that is given."""

    starts_at: Moment | None = None
    ends_at: Moment | None = None
    reason: TextIn | None = None


class Plan(Request):
    """Accepts a proposal. A postponed engagement needs `starts_at`; its length stays without `ends_at`."""

    starts_at: Moment | None = None
    ends_at: Moment | None = None


class Close(Request):
    note: TextIn | None = None


class LinkParticipant(Request):
    """Somebody who was known by name only is this registered person."""

    provisional_id: RecordId
    person_id: RecordId


class Nothing(Request):
    """No fields."""

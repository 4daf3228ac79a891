"""What partners ask of engagements, as commands. A bare string is in the caller's language.

Whoever is known by name only gets a provisional person id here, at the edge.
"""

from services.engagements.commands import (
    AmendEngagement,
    ApproveEngagement,
    CancelEngagement,
    CloseEngagement,
    DebriefEngagement,
    Debriefing,
    First,
    GoAhead,
    HoldEngagement,
    LinkParticipant,
    PlanEngagement,
    PostponeEngagement,
    RecordHeld,
    RelabelEngagement,
)
from services.engagements.content import Content
from shared.api import engagements as api
from shared.api.common import LabelledRequest, Relabel, TextIn, as_name, as_text
from shared.contracts.engagements import (
    EngagementDebriefed,
    EngagementFields,
    Participant,
    ParticipantNamed,
    PlacePinned,
    PreparationNoted,
    SourceRecorded,
    Statement,
)
from shared.ids import Kind, RecordId
from shared.labels_asked import LabelsAsked
from shared.values import ExternalId, Place, Text, When

# Why a partner's system sent another version, when it cannot say.
UPDATED = Text(text="Updated by its source.", lang="en")


def plan(
    body: api.PlanEngagement | api.PutEngagement,
    place: Place | None,
    external_ids: tuple[ExternalId, ...],
    language: str,
) -> PlanEngagement:
    return PlanEngagement(
        content=_content(body, place, language),
        first=First(body.status),
        labels=_labels(body),
        external_ids=external_ids,
    )


def record_held(body: api.RecordHeld, place: Place | None, language: str) -> RecordHeld:
    return RecordHeld(
        content=_content(body, place, language),
        debriefing=_debriefing(body.debrief, language) if body.debrief else None,
        labels=_labels(body),
        external_ids=body.external_ids,
    )


def amend(
    body: api.AmendEngagement | api.PutEngagement, place: Place | None, language: str
) -> AmendEngagement:
    return AmendEngagement(
        content=_content(body, place, language),
        reason=_text(body.reason, language) or UPDATED,
        labels=_labels(body),
    )


def go_ahead(body: api.Plan) -> GoAhead:
    return GoAhead(body.starts_at, body.ends_at)


def approve(body: api.Approve, language: str) -> ApproveEngagement:
    return ApproveEngagement(_text(body.note, language))


def postpone(body: api.Postpone, language: str) -> PostponeEngagement:
    return PostponeEngagement(body.starts_at, body.ends_at, _text(body.reason, language))


def close(body: api.Close, language: str) -> CloseEngagement:
    return CloseEngagement(_text(body.note, language))


def link(body: api.LinkParticipant) -> LinkParticipant:
    return LinkParticipant(body.provisional_id, body.person_id)


def hold(body: api.Hold) -> HoldEngagement:
    return HoldEngagement(body.starts_at, body.ends_at)


def debrief(body: api.Debrief, language: str) -> DebriefEngagement:
    return DebriefEngagement(_debriefing(body, language))


def cancel(body: api.Cancel, language: str) -> CancelEngagement:
    return CancelEngagement(body.reason, _text(body.details, language))


def relabel(body: Relabel, language: str) -> RelabelEngagement:
    return RelabelEngagement(_labels(body), _text(body.reason, language))


def _content(body: api.EngagementFieldsIn, place: Place | None, language: str) -> Content:
    named = tuple(
        ParticipantNamed(person_id=RecordId.new(Kind.PERSON), name=as_name(one.name, language))
        for one in body.participants
        if one.name
    )
    ids = iter(named)
    fields = EngagementFields(
        engagement_type=body.type,
        purpose=as_text(body.purpose, language),
        desired_effect=body.desired_effect,
        when=When(starts_at=body.starts_at, ends_at=body.end),
        place=place,
        participants=tuple(
            Participant(
                side=one.side,
                organisation_id=one.organisation_id,
                person_id=next(ids).person_id if one.name else one.person_id,
            )
            for one in body.participants
        ),
        language=body.language,
        series=body.series,
    )
    return Content(
        fields=fields,
        named=named,
        exact_place=_pinned(body.exact_place, language),
        own_side=_noted(body.own_side, language),
        sources=(_source(body.source, language),) if body.source else (),
    )


def _pinned(given: api.ExactPlaceIn | None, language: str) -> PlacePinned | None:
    if given is None:
        return None
    return PlacePinned(point=given.point, description=_text(given.description, language))


def _noted(given: api.OwnSideIn | None, language: str) -> PreparationNoted | None:
    if given is None:
        return None
    return PreparationNoted(
        talking_points=tuple(as_text(one, language) for one in given.talking_points),
        do_not_say=tuple(as_text(one, language) for one in given.do_not_say),
        red_lines=tuple(as_text(one, language) for one in given.red_lines),
    )


def _source(given: api.SourceIn, language: str) -> SourceRecorded:
    return SourceRecorded(
        person_id=RecordId.new(Kind.PERSON),
        description=as_text(given.description, language),
        grade=given.grade,
    )


def _debriefing(given: api.Debrief, language: str) -> Debriefing:
    debriefed = EngagementDebriefed(
        summary=as_text(given.summary, language),
        outcomes=_text(given.outcomes, language),
        next_steps=_text(given.next_steps, language),
        atmosphere=given.atmosphere,
        atmosphere_details=_text(given.atmosphere_details, language),
        statements=tuple(
            Statement(side=one.side, text=as_text(one.text, language), grade=one.grade)
            for one in given.statements
        ),
    )
    return Debriefing(debriefed, _source(given.source, language) if given.source else None)


def _text(value: TextIn | None, language: str) -> Text | None:
    return as_text(value, language) if value else None


def _labels(body: LabelledRequest | Relabel) -> LabelsAsked:
    return LabelsAsked(body.label, body.group_labels)

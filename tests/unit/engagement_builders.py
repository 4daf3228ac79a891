"""Valid engagements, commands and events; a test names only what matters to it."""

from datetime import timedelta
from typing import Any

from services.engagements.content import Content
from shared.contracts.engagements import (
    GROUPS,
    EngagementDebriefed,
    EngagementFields,
    EngagementPlanned,
    EngagementType,
    Participant,
    ParticipantNamed,
    PlacePinned,
    PreparationNoted,
    Side,
    SourceRecorded,
)
from shared.contracts.event import FINER
from shared.ids import Kind, RecordId
from shared.labels import to_json
from shared.values import Name, Point, Text, When
from tests.unit.story import NOW, OURS, POLICY

TOMORROW = NOW + timedelta(days=1)
YESTERDAY = NOW - timedelta(days=1)
LABELS = {
    group: to_json(POLICY.default(Kind.ENGAGEMENT, group, OURS))
    for group in GROUPS[Kind.ENGAGEMENT]
    if group not in FINER
}


def words(text: str) -> Text:
    return Text(text=text, lang="en")


def some_fields(**more: Any) -> EngagementFields:
    given: dict[str, Any] = {
        "engagement_type": EngagementType.ROUTINE_LIAISON,
        "purpose": words("Cattle corridor talks"),
        "when": When.lasting(TOMORROW, 60),
    }
    return EngagementFields(**(given | more))


def some_content(**more: Any) -> Content:
    return Content(some_fields(**more))


def an_event(event_type: Any = EngagementPlanned, **more: Any) -> Any:
    """An engagement that begins with these fields."""
    return event_type(**dict(some_fields(**more)), labels=LABELS)


def somebody(
    name: str = "Invented Person", side: Side = Side.COUNTERPART
) -> tuple[Participant, ParticipantNamed]:
    """A participant known by name only, and the event that names him."""
    person = RecordId.new(Kind.PERSON)
    named = ParticipantNamed(person_id=person, name=Name(text=name, lang="en"))
    return Participant(side=side, person_id=person), named


def a_source(description: str = "The market's elder") -> SourceRecorded:
    return SourceRecorded(person_id=RecordId.new(Kind.PERSON), description=words(description))


PINNED = PlacePinned(point=Point(lat=9.53, lon=31.66))
NOTED = PreparationNoted(red_lines=(words("No promise of escort"),))
DEBRIEFED = EngagementDebriefed(summary=words("They agreed to meet again."))

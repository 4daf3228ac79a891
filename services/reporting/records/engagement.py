"""An engagement as viewers see it, in its groups."""

from collections.abc import Sequence
from typing import Any, assert_never

from services.reporting.records.document import Contents, Fields, listed
from shared.contracts.engagements import (
    EngagementAmended,
    EngagementApproved,
    EngagementCancelled,
    EngagementClosed,
    EngagementConfirmed,
    EngagementDebriefed,
    EngagementEvent,
    EngagementFields,
    EngagementHeld,
    EngagementPlanned,
    EngagementPostponed,
    EngagementProposed,
    EngagementRecorded,
    EngagementRelabelled,
    EngagementReplanned,
    ParticipantLinked,
    ParticipantNamed,
    PlacePinned,
    PreparationNoted,
    ProposalAccepted,
    SourceRecorded,
)
from shared.contracts.event import Group
from shared.values import When

FIRST_STATUS: dict[type[EngagementFields], str] = {
    EngagementProposed: "proposed",
    EngagementPlanned: "planned",
    EngagementRecorded: "held",
}
_Progress = (
    ProposalAccepted
    | EngagementApproved
    | EngagementConfirmed
    | EngagementPostponed
    | EngagementReplanned
    | EngagementClosed
    | EngagementHeld
    | EngagementDebriefed
    | EngagementCancelled
)
_Beside = ParticipantNamed | ParticipantLinked | PlacePinned | PreparationNoted | SourceRecorded
DEBRIEF = (
    "summary", "outcomes", "next_steps", "atmosphere", "atmosphere_details", "statements",
)  # fmt: skip


def engagement(before: Contents, event: EngagementEvent) -> Contents:
    """What each group holds after `event`."""
    base = before.get(Group.BASE) or {}
    match event:
        case EngagementProposed() | EngagementPlanned() | EngagementRecorded():
            first = {"status": FIRST_STATUS[type(event)]} | listed(event, "external_ids")
            return {Group.BASE: _fields(event) | first}
        case EngagementAmended():
            return _amended(before, base, event)
        case EngagementRelabelled():
            return before
        case (
            ParticipantNamed()
            | ParticipantLinked()
            | PlacePinned()
            | PreparationNoted()
            | SourceRecorded()
        ):
            return {**before, event.group: _beside(before.get(event.group), event)}
        case _:
            return {**before, Group.BASE: base | _progress(event)}


def _progress(event: _Progress) -> Fields:  # noqa: C901 - one arm an event
    match event:
        case ProposalAccepted():
            return {"status": "planned"}
        case EngagementApproved():
            return {"status": "approved"}
        case EngagementConfirmed():
            return {"status": "confirmed"}
        case EngagementPostponed(when=when):
            # With a new time it stays on the calendar, to be confirmed again.
            moved = _times(when) | {"status": "planned"} if when else {"status": "postponed"}
            return moved | {"postponed_because": listed(event, "reason")["reason"]}
        case EngagementReplanned(when=when):
            return _times(when) | {"status": "planned"}
        case EngagementClosed():
            return {"status": "closed", "closing_note": listed(event, "note")["note"]}
        case EngagementHeld(when=when):
            return _times(when) | {"status": "held"}
        case EngagementDebriefed():
            return listed(event, *DEBRIEF) | {"status": "debriefed"}
        case EngagementCancelled():
            return listed(event, "cancel_reason", "details") | {"status": "cancelled"}
        case _:
            assert_never(event)


def _beside(held: Fields | None, event: _Beside) -> Fields | None:
    """What the event's own group holds after it, the group not being the base."""
    match event:
        case ParticipantNamed():
            return _with_person(held, event)
        case ParticipantLinked():
            return _linked(held, event)
        case PlacePinned():
            return listed(event, "point", "description")
        case PreparationNoted():
            noted = listed(event, "talking_points", "do_not_say", "red_lines")
            return noted if any(noted.values()) else None
        case SourceRecorded():
            return listed(event, "description", "grade")
        case _:
            assert_never(event)


def _fields(event: EngagementFields) -> Fields:
    found = listed(
        event,
        "engagement_type", "purpose", "desired_effect", "place", "participants", "language", "series",
    )  # fmt: skip
    return found | _times(event.when) | {"title": found["purpose"]}


def _times(when: When) -> Fields:
    spelled = when.model_dump(mode="json")
    return {
        "starts_at": spelled["starts_at"],
        "ends_at": spelled["ends_at"],
        "time_precision": spelled["precision"],
        "zone": spelled["zone"],
    }


def _amended(before: Contents, base: Fields, event: EngagementAmended) -> Contents:
    """Who is no longer named as a participant is no longer known by name either; an approval is over."""
    unapproved = {"status": "planned"} if base["status"] == "approved" else {}
    amended = base | _fields(event) | unapproved
    attending = {one["person_id"] for one in amended["participants"]}
    people = (before.get(Group.IDENTITY) or {}).get("people", ())
    kept = [person for person in people if person["person_id"] in attending]
    return {**before, Group.BASE: amended, Group.IDENTITY: _people(kept)}


def _with_person(identity: Fields | None, event: ParticipantNamed) -> Fields | None:
    others = [
        person
        for person in (identity or {}).get("people", ())
        if person["person_id"] != str(event.person_id)
    ]
    return _people([*others, listed(event, "person_id", "name")])


def _linked(identity: Fields | None, event: ParticipantLinked) -> Fields | None:
    return _people(
        [
            person | {"linked_to": str(event.person_id)}
            if person["person_id"] == str(event.provisional_id)
            else person
            for person in (identity or {}).get("people", ())
        ]
    )


def _people(people: Sequence[dict[str, Any]]) -> Fields | None:  # Any: JSON
    return {"people": list(people)} if people else None

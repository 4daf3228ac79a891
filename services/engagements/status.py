"""Where an engagement stands."""

from enum import StrEnum


class Status(StrEnum):
    ABSENT = "absent"
    PROPOSED = "proposed"
    PLANNED = "planned"
    APPROVED = "approved"
    CONFIRMED = "confirmed"
    POSTPONED = "postponed"
    HELD = "held"
    DEBRIEFED = "debriefed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


TO_COME = frozenset(
    {Status.PROPOSED, Status.PLANNED, Status.APPROVED, Status.CONFIRMED, Status.POSTPONED}
)
OVER = frozenset({Status.DEBRIEFED, Status.CLOSED, Status.CANCELLED})

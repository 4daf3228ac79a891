"""Where a commitment stands."""

from enum import StrEnum


class Status(StrEnum):
    ABSENT = "absent"
    GIVEN = "given"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


CLOSED = frozenset({Status.KEPT, Status.BROKEN, Status.WITHDRAWN})

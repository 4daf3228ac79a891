"""How a record of any kind is handled, as viewers see it: marks in the base, what waits in its own group."""

from typing import assert_never

from services.reporting.records.document import Contents, listed
from shared.contracts.event import Group
from shared.contracts.records import (
    RecordEvent,
    RecordMarked,
    RecordReleased,
    ReleaseAgreed,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseWithdrawn,
)

MARKS = ("tags", "originator", "originator_control", "review_on")


def record_handling(before: Contents, event: RecordEvent, by: str) -> Contents:
    """What each group holds after `event`; `by` is the subject whose request a second person decides."""
    known = before.get(Group.HANDLING) or {}
    match event:
        case RecordMarked():
            base = before.get(Group.BASE) or {}
            return {**before, Group.BASE: base | {"marked": listed(event, *MARKS)}}
        case ReleaseRequested():
            asked = listed(event, "wanted", "reason") | {"by": by, "agreed": False}
            return {**before, Group.HANDLING: {"waiting": asked}}
        case ReleaseAgreed():
            waiting = (known.get("waiting") or {}) | {"agreed": True}
            return {**before, Group.HANDLING: {"waiting": waiting}}
        case ReleaseRefused():
            told = {"refused": listed(event, "reason")}
            return {**before, Group.HANDLING: told}
        case ReleaseWithdrawn() | RecordReleased():
            return without_waiting(before)
        case _:
            assert_never(event)


def without_waiting(before: Contents) -> Contents:
    """A label that changes ends what waits."""
    return {**before, Group.HANDLING: None} if before.get(Group.HANDLING) else before

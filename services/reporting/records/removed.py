"""What is left of a record whose content was removed, and what is told of a removal before. Pure."""

from datetime import datetime
from typing import assert_never

from services.reporting.records.document import Contents, Fields, listed
from services.reporting.records.handling import EXTRACTS, OF_REMOVAL
from shared.contracts.event import Group
from shared.contracts.removals import AnyRemoval, RemovalAsked, RemovalRefused, Removed
from shared.left_after_removal import ERASED, left_of

REMOVED = "removed"


def after_removal(before: Contents, event: AnyRemoval, at: datetime) -> Contents:
    """Each group after a step of a removal, recorded `at` (UTC).

    A request is told beside others of its handling, to its owner. In the end there is no text, no other
    group, and no name.
    """
    match event:
        case RemovalAsked():
            asked = listed(event, "ground", "reason") | {"by": event.asked_by, "at": _spelled(at)}
            return _handled(before, {"removal": asked})
        case RemovalRefused():
            return _handled(before, {"removal_refused": listed(event, "reason")})
        case Removed():
            marks: Fields = {"status": REMOVED, "title": dict(ERASED), "erased": True}
            told = {"removal": {"state": REMOVED, "ground": event.ground.value}}
            left = left_of(before.get(Group.BASE) or {})
            return {**dict.fromkeys(before, None), Group.BASE: left | marks | told, **_made(before)}
        case _:
            assert_never(event)


def _made(before: Contents) -> Contents:
    """Extracts are records of their own, and stay: their owner learns that what they were made of is gone."""
    made = (before.get(Group.HANDLING) or {}).get(EXTRACTS)
    return {Group.HANDLING: {EXTRACTS: made}} if made else {}


def _handled(before: Contents, told: Fields) -> Contents:
    known = before.get(Group.HANDLING) or {}
    others = {name: value for name, value in known.items() if name not in OF_REMOVAL}
    return {**before, Group.HANDLING: others | told}


def _spelled(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")

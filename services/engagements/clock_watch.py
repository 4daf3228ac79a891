"""What the clock knows of a commitment, event by event. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from shared.event_meta import read_meta
from shared.eventstore.model import Recorded
from shared.ids import RecordId

GIVEN = "commitment.given.v1"
OVERDUE = "commitment.overdue.v1"
DUE_ANEW = frozenset({"commitment.amended.v1", "commitment.renegotiated.v1"})
CLOSING = frozenset({"commitment.kept.v1", "commitment.broken.v1", "commitment.withdrawn.v1"})
WATCHED = frozenset({GIVEN, OVERDUE}) | DUE_ANEW | CLOSING


@dataclass(frozen=True, slots=True)
class Watched:
    """`since`: version of the event that set `due_at`; `raised`: it fell overdue since then."""

    id: RecordId
    owner: RecordId
    due_at: datetime | None
    since: int
    open: bool = True
    raised: bool = False


def watched_after(known: Watched | None, recorded: Recorded) -> Watched | None:
    """What is known once `recorded`, one of WATCHED, has happened."""
    if recorded.type == GIVEN:
        meta = read_meta(recorded.meta)
        return Watched(meta.record, meta.owner, _due_at(recorded), recorded.version)
    if known is None:
        return None
    if recorded.type == OVERDUE:
        return replace(known, raised=True)
    if recorded.type in CLOSING:
        return replace(known, open=False)
    due_at = _due_at(recorded)
    if due_at == known.due_at:
        return known
    return replace(known, due_at=due_at, since=recorded.version, raised=False)


def _due_at(recorded: Recorded) -> datetime | None:
    found = orjson.loads(recorded.data).get("due_at")
    return datetime.fromisoformat(found) if found else None

"""How a record of any kind is handled, as viewers see it: marks in the base, what waits in its own group."""

from typing import assert_never

from services.reporting.records.document import Contents, Fields, listed
from shared.contracts.event import Group, Relabelling
from shared.contracts.records import (
    RecordDeclassified,
    RecordEvent,
    RecordExpired,
    RecordMarked,
    RecordReleased,
    RecordScheduled,
    ReleaseAgreed,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseScheduled,
    ReleaseWithdrawn,
)

_OfHandling = (
    ReleaseRequested
    | ReleaseAgreed
    | ReleaseRefused
    | ReleaseWithdrawn
    | ReleaseScheduled
    | RecordScheduled
)
DATES = ("declassify_at", "declassify_to", "expires_at")
# A request for removal waits on, whatever else is done about its label.
OF_REMOVAL = ("removal", "removal_refused")
MARKS = ("tags", "originator", "originator_control", "review_on")


def record_handling(before: Contents, event: RecordEvent, by: str) -> Contents:
    """What each group holds after `event`; `by` is the subject whose request a second person decides."""
    match event:
        case RecordMarked():
            base = before.get(Group.BASE) or {}
            return {**before, Group.BASE: base | {"marked": listed(event, *MARKS)}}
        case RecordReleased() | RecordDeclassified() | RecordExpired():
            return relabelled(before, event)
        case _:
            return _told(before, _handling(before.get(Group.HANDLING) or {}, event, by))


def relabelled(before: Contents, event: Relabelling) -> Contents:
    """A label that changes ends what waits and a declassification to come; an expiry stays."""
    known = before.get(Group.HANDLING)
    if not known:
        return before
    expires_at = (known.get("dates") or {}).get("expires_at")
    ended = not expires_at or isinstance(event, RecordExpired)
    return _told(before, {} if ended else {"dates": _dates(expires_at=expires_at)})


def _handling(known: Fields, event: _OfHandling, by: str) -> Fields:
    """Dates stand beside whatever else is told."""
    dates = {"dates": known["dates"]} if "dates" in known else {}
    match event:
        case ReleaseRequested():
            asked = listed(event, "wanted", "reason", "at") | {"by": by, "agreed": False}
            return dates | {"waiting": asked}
        case ReleaseAgreed():
            return known | {"waiting": (known.get("waiting") or {}) | {"agreed": True}}
        case ReleaseRefused():
            return dates | {"refused": listed(event, "reason")}
        case ReleaseWithdrawn():
            return dates
        case ReleaseScheduled():
            told = listed(event, "at", "labels")
            expires_at = dates.get("dates", {}).get("expires_at")
            return {"dates": _dates(told["at"], told["labels"], expires_at)}
        case RecordScheduled():
            others = {name: told for name, told in known.items() if name != "dates"}
            set_ = event.declassify_at or event.expires_at
            return others | ({"dates": listed(event, *DATES)} if set_ else {})
        case _:
            assert_never(event)


def _dates(
    declassify_at: str | None = None,
    declassify_to: Fields | None = None,
    expires_at: str | None = None,
) -> Fields:
    return dict(zip(DATES, (declassify_at, declassify_to or {}, expires_at), strict=True))


def _told(before: Contents, handling: Fields) -> Contents:
    known = before.get(Group.HANDLING) or {}
    kept = {name: known[name] for name in OF_REMOVAL if name in known}
    return {**before, Group.HANDLING: {**handling, **kept} or None}

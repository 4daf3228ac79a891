"""How a record of any kind is handled, as viewers see it: marks in the base, what waits in its own group."""

from typing import assert_never

from services.reporting.records.document import Contents, Fields, listed
from shared.contracts.event import Group, Relabelling
from shared.contracts.records import (
    ExtractAllowed,
    ExtractChecked,
    ExtractRequested,
    RecordDeclassified,
    RecordEvent,
    RecordExpired,
    RecordExtracted,
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
    | ExtractRequested
    | ExtractAllowed
)
# Which extracts were made of a record, and at which of its versions. Edges tell of them, never a view.
EXTRACTS = "extracts"
ALLOWED = "extract_allowed"
DATES = ("declassify_at", "declassify_to", "expires_at")
# A request for removal waits on, whatever else is done about its label.
OF_REMOVAL = ("removal", "removal_refused")
MARKS = ("tags", "originator", "originator_control", "review_on")


def record_handling(before: Contents, event: RecordEvent, by: str, version: int) -> Contents:
    """What each group holds after `event`, the record's `version`; `by` is the subject whose request a second
    person decides."""
    match event:
        case RecordMarked():
            base = before.get(Group.BASE) or {}
            marked = {**before, Group.BASE: base | {"marked": listed(event, *MARKS)}}
            return _told(marked, _unless_allowed(before))
        case RecordExtracted():
            return _extracted(before, event, version)
        case ExtractChecked(extract=extract):
            return _told(before, _checked(before.get(Group.HANDLING) or {}, str(extract), version))
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
    made = {EXTRACTS: known[EXTRACTS]} if EXTRACTS in known else {}
    return _told(before, made if ended else made | {"dates": _dates(expires_at=expires_at)})


def _extracted(before: Contents, event: RecordExtracted, version: int) -> Contents:
    known = _unless_allowed(before)
    made = [*known.get(EXTRACTS, ()), {"id": str(event.extract), "at": version}]
    return _told(before, known | {EXTRACTS: made})


def _checked(known: Fields, extract: str, version: int) -> Fields:
    """From now on only what changes later is news for it."""
    made = [
        one | {"at": version} if one["id"] == extract else one for one in known.get(EXTRACTS, ())
    ]
    return known | ({EXTRACTS: made} if made else {})


def _unless_allowed(before: Contents) -> Fields:
    """What was allowed once is done, or ended."""
    known = before.get(Group.HANDLING) or {}
    return {name: told for name, told in known.items() if name != ALLOWED}


def _handling(  # noqa: C901 - one arm per event
    known: Fields, event: _OfHandling, by: str
) -> Fields:
    """What waits, or was refused, makes way for what happened; all else stands beside it."""
    kept = {name: told for name, told in known.items() if name not in ("waiting", "refused")}
    match event:
        case ReleaseRequested():
            asked = listed(event, "wanted", "reason", "at") | {"by": by, "agreed": False}
            return kept | {"waiting": asked}
        case ExtractRequested():
            asked = listed(event, "wanted", "reason") | {"by": by, "agreed": False, "extract": True}
            return kept | {"waiting": asked}
        case ExtractAllowed():
            return kept | {ALLOWED: listed(event, "labels")}
        case ReleaseAgreed():
            return known | {"waiting": (known.get("waiting") or {}) | {"agreed": True}}
        case ReleaseRefused():
            return kept | {"refused": listed(event, "reason")}
        case ReleaseWithdrawn():
            return kept
        case ReleaseScheduled():
            told = listed(event, "at", "labels")
            expires_at = kept.get("dates", {}).get("expires_at")
            return kept | {"dates": _dates(told["at"], told["labels"], expires_at)}
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

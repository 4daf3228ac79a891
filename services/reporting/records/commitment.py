"""A commitment as viewers see it: who owes whom what by when, and what became of it."""

from typing import assert_never

from services.reporting.records.document import Contents, Fields, listed
from shared.contracts.commitments import (
    CommitmentAccepted,
    CommitmentAcknowledged,
    CommitmentAmended,
    CommitmentAssessed,
    CommitmentBroken,
    CommitmentDisputed,
    CommitmentEvent,
    CommitmentFellOverdue,
    CommitmentGiven,
    CommitmentKept,
    CommitmentRelabelled,
    CommitmentRenegotiated,
    CommitmentWithdrawn,
    ProgressNoted,
)
from shared.contracts.event import Group

FIELDS = (
    "direction", "what", "by", "to", "due_at", "conditions", "evidence_expected", "formality",
    "engagement_id",
)  # fmt: skip
_OfTheBase = (
    CommitmentAccepted
    | ProgressNoted
    | CommitmentAcknowledged
    | CommitmentDisputed
    | CommitmentKept
    | CommitmentBroken
    | CommitmentRenegotiated
    | CommitmentWithdrawn
    | CommitmentFellOverdue
)


def commitment(before: Contents, event: CommitmentEvent) -> Contents:
    """What each group holds after `event`. `overdue` stands beside the status: it may yet be kept."""
    base = before.get(Group.BASE) or {}
    match event:
        case CommitmentGiven():
            first = {"status": "given", "overdue": False, "progress": None, "notes": [],
                     "acknowledgements": [], "disputes": []}  # fmt: skip
            return {Group.BASE: _fields(event) | first | listed(event, "external_ids")}
        case CommitmentAmended():
            return {**before, Group.BASE: _due_anew(base, base | _fields(event))}
        case CommitmentAssessed():
            told = listed(event, "assessment")
            return {**before, Group.OWN_SIDE: told if told["assessment"] else None}
        case CommitmentRelabelled():
            return before
        case _:
            return {**before, Group.BASE: base | _progress(base, event)}


def _progress(base: Fields, event: _OfTheBase) -> Fields:  # noqa: C901 - one arm an event
    match event:
        case CommitmentAccepted():
            return {"status": "accepted"}
        case ProgressNoted():
            told = listed(event, "progress", "note")
            return {"status": "in_progress", "progress": told["progress"],
                    "notes": [*base["notes"], told]}  # fmt: skip
        case CommitmentAcknowledged():
            return {"acknowledgements": [*base["acknowledgements"], listed(event, "note")]}
        case CommitmentDisputed():
            return {"disputes": [*base["disputes"], listed(event, "text")]}
        case CommitmentKept():
            return listed(event, "evidence", "attachments") | {"status": "kept", "overdue": False}
        case CommitmentBroken():
            return listed(event, "reason") | {"status": "broken", "overdue": False}
        case CommitmentRenegotiated():
            return _renegotiated(base, event)
        case CommitmentWithdrawn():
            return listed(event, "reason") | {"status": "withdrawn", "overdue": False}
        case CommitmentFellOverdue():
            return {"overdue": True}
        case _:
            assert_never(event)


def _renegotiated(base: Fields, event: CommitmentRenegotiated) -> Fields:
    told = listed(event, "due_at", "what", "conditions")
    kept = {name: value for name, value in told.items() if value is not None or name == "due_at"}
    renegotiated = kept | listed(event, "reason") | {"title": kept.get("what", base["what"])}
    return _due_anew(base, renegotiated)


def _due_anew(base: Fields, after: Fields) -> Fields:
    same = base["due_at"] == after["due_at"]
    return after | {"overdue": base["overdue"] and same}


def _fields(event: CommitmentGiven | CommitmentAmended) -> Fields:
    found = listed(event, *FIELDS)
    return found | {"title": found["what"]}

"""How any record is handled, as its rules know it: how it is marked, and which release waits. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.contracts.event import DomainEvent, Labels, Relabelling
from shared.contracts.records import (
    ExtractAllowed,
    ExtractRequested,
    RecordExpired,
    RecordExtracted,
    RecordMarked,
    RecordScheduled,
    ReleaseAgreed,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseScheduled,
    ReleaseWithdrawn,
)
from shared.contracts.removals import Removed
from shared.ids import RecordId
from shared.labels import Label, join, label

UNMARKED = RecordMarked()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A release somebody asked for. `by`: his subject; `agreed`: the originator agrees; `at`: UTC.

    `extract`: not of the record itself, but of an extract to be made of it.
    """

    wanted: Labels
    by: str
    agreed: bool = False
    at: datetime | None = None
    extract: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """When (UTC) the label changes by itself. `declassify_to`: the labels it has from then on."""

    declassify_at: datetime | None = None
    declassify_to: Labels = field(default_factory=dict)
    expires_at: datetime | None = None

    @property
    def next(self) -> datetime | None:
        return min((at for at in (self.declassify_at, self.expires_at) if at), default=None)


@dataclass(frozen=True, slots=True)
class Handling:
    marked: RecordMarked = UNMARKED
    waiting: Waiting | None = None
    dates: Dates = field(default_factory=Dates)
    extract_allowed: Labels | None = None
    extracts: frozenset[RecordId] = frozenset()

    def originator_of(self, owner: RecordId) -> RecordId | None:
        """Who controls its release, where that is another than the owner."""
        marked = self.marked
        controlled = marked.originator_control and marked.originator != owner
        return marked.originator if controlled else None


def handled(  # noqa: C901 - one arm per event
    handling: Handling, event: DomainEvent, by: str
) -> Handling:
    """What is known of the handling once `event`, of the subject `by`, has happened.

    A label that changes ends what waits: nobody approves a release from a label that is no more. It ends
    a declassification to come, too, and leaves an expiry, which only takes away. What was allowed to be
    extracted lasts until it is done, or until the label or how it is marked changes. Only events of records
    of every kind and those that set labels have a say here: `shared/record_state.py` asks it of no others.
    """
    match event:
        case RecordMarked():
            return replace(handling, marked=event, extract_allowed=None)
        case ReleaseRequested(wanted=wanted, at=at):
            return replace(handling, waiting=Waiting(wanted, by, at=at))
        case ExtractRequested(wanted=wanted):
            return replace(handling, waiting=Waiting(wanted, by, extract=True))
        case ExtractAllowed(labels=labels):
            return replace(handling, waiting=None, extract_allowed=labels)
        case RecordExtracted(extract=extract):
            made = handling.extracts | {extract}
            return replace(handling, extract_allowed=None, extracts=made)
        case ReleaseAgreed() if handling.waiting:
            return replace(handling, waiting=replace(handling.waiting, agreed=True))
        case ReleaseScheduled() | RecordScheduled():
            dates = dates_after(handling.dates, event)
            waits = handling.waiting if isinstance(event, RecordScheduled) else None
            return replace(handling, waiting=waits, dates=dates)
        case ReleaseRefused() | ReleaseWithdrawn():
            return replace(handling, waiting=None)
        case Relabelling():
            dates = dates_after(handling.dates, event)
            return replace(handling, waiting=None, dates=dates, extract_allowed=None)
        case _:
            return handling


def dates_after(dates: Dates, event: DomainEvent) -> Dates:
    """The dates still to come once `event` has happened."""
    match event:
        case ReleaseScheduled(at=at, labels=labels):
            return replace(dates, declassify_at=at, declassify_to=labels)
        case RecordScheduled():
            return Dates(event.declassify_at, event.declassify_to, event.expires_at)
        case RecordExpired() | Removed():
            return Dates()
        case Relabelling():
            return Dates(expires_at=dates.expires_at)
        case _:
            return dates


def handling_label(owner: RecordId, originator: RecordId | None) -> Label:
    """Who may know of requests to release a record he reads: its owner, and who controls it."""
    return label({}, [{f"org:{one}" for one in (owner, originator) if one}])


def widens(before: Label, after: Label) -> bool:
    """Whether somebody might read `after` who does not read `before`."""
    return join(before, after) != after

"""How any record is handled, as its rules know it: how it is marked, and which release waits. Pure."""

from dataclasses import dataclass, replace

from shared.contracts.event import DomainEvent, Labels, Relabelling
from shared.contracts.records import (
    RecordMarked,
    ReleaseAgreed,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseWithdrawn,
)
from shared.ids import RecordId
from shared.labels import Label, join, label

UNMARKED = RecordMarked()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A release somebody asked for. `by`: his subject; `agreed`: the originator agrees."""

    wanted: Labels
    by: str
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Handling:
    marked: RecordMarked = UNMARKED
    waiting: Waiting | None = None

    def originator_of(self, owner: RecordId) -> RecordId | None:
        """Who controls its release, where that is another than the owner."""
        marked = self.marked
        controlled = marked.originator_control and marked.originator != owner
        return marked.originator if controlled else None


def handled(handling: Handling, event: DomainEvent, by: str) -> Handling:
    """What is known of the handling once `event`, of the subject `by`, has happened.

    A label that changes ends what waits: nobody approves a release from a label that is no more.
    """
    match event:
        case RecordMarked():
            return replace(handling, marked=event)
        case ReleaseRequested(wanted=wanted):
            return replace(handling, waiting=Waiting(wanted, by))
        case ReleaseAgreed() if handling.waiting:
            return replace(handling, waiting=replace(handling.waiting, agreed=True))
        case ReleaseRefused() | ReleaseWithdrawn() | Relabelling():
            return replace(handling, waiting=None)
        case _:
            return handling


def handling_label(owner: RecordId, originator: RecordId | None) -> Label:
    """Who may know of requests to release a record he reads: its owner, and who controls it."""
    return label({}, [{f"org:{one}" for one in (owner, originator) if one}])


def widens(before: Label, after: Label) -> bool:
    """Whether somebody might read `after` who does not read `before`."""
    return join(before, after) != after

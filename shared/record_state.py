"""A record as its service knows it when deciding: state, owner, labels, version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from functools import cache, reduce
from typing import Any, Generic, cast

from shared.contracts.event import FINER, DomainEvent, Group, Labelled, Labels, within
from shared.contracts.records import RecordEvent
from shared.contracts.removals import RemovalEvent, Removed
from shared.decider import C, Decider, E, S
from shared.event_meta import author_in, read_meta
from shared.handling import Handling, handled, handling_label
from shared.ids import RecordId
from shared.labels import Clearance, Label, join, reads
from shared.sealing import Opened

GroupLabels = Mapping[Group, Label]


# No slots: a generic frozen slotted dataclass cannot be made on Python 3.11.
@dataclass(frozen=True)
class RecordState(Generic[S]):
    """`version` 0: there is no such record yet, and `owner` is who would own it.

    `authors`: subjects of everybody who has changed it. `removed`: its content is gone for good.
    """

    id: RecordId
    state: S
    version: int
    owner: RecordId
    labels: GroupLabels
    authors: frozenset[str] = frozenset()
    handling: Handling = field(default_factory=Handling)
    removed: bool = False

    @property
    def exists(self) -> bool:
        return self.version > 0

    def readable_by(self, reader: Clearance) -> bool:
        """Whether `reader` may know of this record at all."""
        return self.exists and reads(reader, self.labels[Group.BASE])


def absent(decider: Decider[C, E, S], record_id: RecordId, owner: RecordId) -> RecordState[S]:
    """A record that nothing has happened to."""
    return RecordState(record_id, decider.initial, 0, owner, {})


def fold(
    decider: Decider[C, E, S],
    record_id: RecordId,
    opened: Sequence[Opened],
    before: RecordState[S] | None = None,
) -> RecordState[S]:
    """The record after all events of its stream, or all since it was `before` (at least one), in order.

    Raises UnknownEventError on a type this service does not know: its own stream is never skipped
    over.
    """
    before = before or absent(decider, record_id, read_meta(opened[0].recorded.meta).owner)
    state, labels, handling = before.state, dict(before.labels), before.handling
    removed = before.removed
    by = [author_in(one.recorded.meta) for one in opened]
    for one, author in zip(opened, by, strict=True):
        if one.event is None:
            _must_be_sealed_away(one)
            continue
        about = _about(type(one.event))
        state = _evolved(decider, state, one.event, about)
        if about.labels:
            labels = labels_after(labels, [one.event])
        if about.handling:
            handling = handled(handling, one.event, author)
        removed = removed or about.removed
    owner = read_meta(opened[-1].recorded.meta).owner
    labels[Group.HANDLING] = handling_label(owner, handling.originator_of(owner))
    authors = before.authors.union(by)
    version = opened[-1].recorded.version
    return RecordState(record_id, state, version, owner, labels, authors, handling, removed)


@dataclass(frozen=True, slots=True)
class _About:
    """What a type of events is about: asked of each type once, and not of every event of a long stream."""

    removal: bool
    removed: bool
    every_kind: bool
    labels: bool

    @property
    def handling(self) -> bool:
        return self.every_kind or self.labels


@cache
def _about(model: type[DomainEvent]) -> _About:
    return _About(
        removal=issubclass(model, RemovalEvent),
        removed=issubclass(model, Removed),
        every_kind=issubclass(model, RecordEvent),
        labels=issubclass(model, Labelled),
    )


def _evolved(decider: Decider[C, E, S], state: S, event: DomainEvent, about: _About) -> S:
    """Kinds know nothing of what happens to records of every kind, but for their labels."""
    if about.removal is not decider.of_removals:
        return state
    if not about.every_kind:
        # cast: the stream of a kind holds only that kind's events.
        return decider.evolve(state, cast("E", event))
    if isinstance(event, Labelled) and is_dataclass(state):
        return cast("S", _relabelled(state, event.labels))
    return state


def _relabelled(state: Any, labels: Labels) -> Any:  # Any: the state of any kind, see Decider
    return replace(state, labels=state.labels | labels)


def labels_after(labels: GroupLabels, events: Iterable[DomainEvent]) -> dict[Group, Label]:
    """The labels once `events` have happened."""
    changed = dict(labels)
    for event in events:
        if isinstance(event, Labelled):
            named = {group: event.label_of(group) for group in event.labels}
            changed |= {group: label for group, label in named.items() if label}
    return changed


def effective(labels: GroupLabels, group: Group) -> Label:
    """What a reader of `group` must meet: its own label joined with the base's.

    A group finer than the base has a label of its own only where the record gave it one.
    """
    asked = (one for one in within(group) if one in labels or one not in FINER)
    return reduce(join, (labels[one] for one in asked))


def readable_groups(
    labels: GroupLabels, groups: Sequence[Group], reader: Clearance
) -> tuple[Group, ...]:
    """Those of `groups` that have a label and that `reader` sees, in their order."""
    return tuple(
        group for group in groups if group in labels and reads(reader, effective(labels, group))
    )


class UnknownEventError(Exception):
    """A type on our own stream that this version of the service cannot read."""


def _must_be_sealed_away(one: Opened) -> None:
    if not one.sealed_away:
        raise UnknownEventError(one.recorded.type)

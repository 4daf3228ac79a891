"""A record as the read model keeps it, and what events do to any record alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from shared.contracts.event import DomainEvent, Group, Labelled, within
from shared.contracts.records import RecordEvent, RecordMarked
from shared.contracts.removals import RemovalEvent
from shared.handling import handling_label
from shared.ids import Kind, RecordId
from shared.labels import Label, join

CONTROL = ("originator", "originator_control")
Fields = dict[str, Any]  # Any: JSON
Contents = Mapping[Group, Fields | None]


@dataclass(frozen=True, slots=True)
class Part:
    """One field group. `label` is its own, not yet joined with the base's; None: no content."""

    label: Label
    fields: Fields | None
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """A record after its event number `version`. `parts` always hold every group of its kind."""

    id: str
    kind: Kind
    owner: str
    exercise: bool
    recorded_at: datetime
    version: int
    parts: Mapping[Group, Part]

    @property
    def base(self) -> Fields:
        return self.parts[Group.BASE].fields or {}

    def effective_label(self, group: Group) -> Label:
        """What a reader of the group must satisfy."""
        if group is Group.BASE:
            return self.parts[group].label
        return join(self.parts[Group.BASE].label, self.label_beside_base(group))

    def label_beside_base(self, group: Group) -> Label:
        """The same without the base's label, for rows that are joined with the base's own."""
        if group is Group.BASE:
            return self.parts[group].label
        wider = (one for one in within(group) if one is not Group.BASE and one in self.parts)
        return reduce(join, (self.parts[one].label for one in wider), self.parts[group].label)


def contents(document: Document | None) -> Contents:
    """What each group holds; nothing before the first event."""
    return {group: part.fields for group, part in document.parts.items()} if document else {}


def labels_after(document: Document | None, event: DomainEvent | None) -> dict[Group, Label]:
    """Each group's own label once `event` has happened."""
    labels = {group: part.label for group, part in document.parts.items()} if document else {}
    if isinstance(event, Labelled):
        named = {group: event.label_of(group) for group in event.labels}
        labels |= {group: label for group, label in named.items() if label}
    handled = event and (event.group is Group.HANDLING or Group.HANDLING in labels)
    if document and handled and isinstance(event, RecordEvent | RemovalEvent):
        labels[Group.HANDLING] = handling_label(
            RecordId.parse(document.owner), _originator(document, event)
        )
    return labels


def _originator(document: Document, event: DomainEvent) -> RecordId | None:
    """Who else may know of requests to release it; the owner named as its own originator is the owner."""
    marked = event if isinstance(event, RecordMarked) else None
    told = listed(marked, *CONTROL) if marked else document.base.get("marked") or {}
    controlled = told.get("originator") and told.get("originator_control")
    return RecordId.parse(told["originator"]) if controlled else None


def listed(event: DomainEvent, *names: str) -> Fields:
    """These fields of the event, as JSON."""
    return event.model_dump(mode="json", include=set(names))


def unmerged(base: Fields) -> Fields:
    """As it was before it was merged into another."""
    kept = {k: v for k, v in base.items() if k not in ("merged_into", "merged_from")}
    return kept | {"status": base["merged_from"]}

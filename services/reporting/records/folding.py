"""The next document of any record: its kind's fold, its labels, and which groups changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never, cast

from services.reporting.records.attachment import attachment
from services.reporting.records.commitment import commitment
from services.reporting.records.document import (
    Contents,
    Document,
    Fields,
    Part,
    contents,
    labels_after,
)
from services.reporting.records.engagement import engagement
from services.reporting.records.handling import record_handling, relabelled
from services.reporting.records.organisation import organisation
from services.reporting.records.person import person
from services.reporting.records.place import place
from services.reporting.records.post import post
from services.reporting.records.removed import after_removal
from shared.coarsening import Coarse, split, whole
from shared.contracts.commitments import AttachmentEvent, CommitmentEvent
from shared.contracts.contacts import (
    OrganisationEvent,
    OrganisationMerged,
    OrganisationUnmerged,
    PlaceEvent,
)
from shared.contracts.engagements import EngagementEvent
from shared.contracts.event import FINER, DomainEvent, Group, Relabelling
from shared.contracts.people import PersonEvent, PersonMerged, PersonUnmerged
from shared.contracts.posts import PostEvent
from shared.contracts.records import RecordDeclassified, RecordEvent, RecordExpired, RecordReleased
from shared.contracts.removals import RemovalAsked, RemovalRefused, Removed
from shared.event_meta import EventMeta
from shared.event_types import ERASED_TEXT
from shared.ids import Kind
from shared.left_after_removal import ERASED

# Forms of a policy that has none: finer groups are withheld.
EXACT_ALONE = Coarse()
ONLY_BASE = frozenset({Group.BASE})


@dataclass(frozen=True, slots=True)
class Seen:
    """One event of a record, opened. Without its key `erased` is set and texts are stand-ins.

    `event` None: nothing could stand in for what was sealed in `group`.
    """

    type: str
    event: DomainEvent | None
    group: Group
    erased: bool
    meta: EventMeta
    source: str
    epoch: int
    position: int
    version: int
    recorded_at: datetime


def fold(before: Document | None, seen: Seen, coarse: Coarse = EXACT_ALONE) -> Document:
    """The record after `seen`. Raises ValueError when a first event cannot be read at all."""
    if before is None and seen.event is None:
        raise ValueError("a record cannot begin with what nobody can read")
    labels = labels_after(before, seen.event)
    after = split(_contents(whole(contents(before)), seen), seen.meta.kind, labels, coarse)
    touched = _told(touched_groups(seen), before, after)
    parts: dict[Group, Part] = {}
    for group, label in labels.items():
        old = before.parts.get(group) if before else None
        fields = after.get(group)
        if old and group not in touched and (old.label, old.fields) == (label, fields):
            parts[group] = old
        else:
            parts[group] = Part(label, fields, seen.version, seen.recorded_at)
    return Document(
        id=str(seen.meta.record),
        kind=seen.meta.kind,
        owner=before.owner if before else str(seen.meta.owner),
        exercise=before.exercise if before else seen.meta.exercise,
        recorded_at=before.recorded_at if before else seen.recorded_at,
        version=seen.version,
        parts=parts,
    )


def _told(touched: frozenset[Group], before: Document | None, after: Contents) -> frozenset[Group]:
    """What an event of the base changes in finer groups alone is no news to who is told the coarse form.

    To the same time once more is news of the time: who reads it not cannot tell it from another.
    """
    if before is None or touched != ONLY_BASE:
        return touched
    finer = FINER & after.keys()
    if not finer or before.base != after[Group.BASE]:
        return touched
    changed = {group for group in finer if before.parts[group].fields != after[group]}
    return frozenset(changed) or finer & {Group.TIME} or touched


def touched_groups(seen: Seen) -> frozenset[Group]:
    """The groups whose readers may learn of this event: relabelling one group is no news to others'."""
    match seen.event:
        case Removed():
            return frozenset(Group)  # whatever they held, so that it does not tell whether they did
        case PersonMerged() | PersonUnmerged() | OrganisationMerged() | OrganisationUnmerged():
            return frozenset({*seen.event.labels, Group.BASE})
        case RecordReleased() | RecordDeclassified() | RecordExpired():
            return frozenset({*seen.event.labels, Group.HANDLING})
        case Relabelling() as relabelled:
            return frozenset(relabelled.labels)
        case _:
            return frozenset({seen.group})


def _contents(before: Contents, seen: Seen) -> Contents:
    if seen.event is None:
        return {**before, seen.group: {"erased": True}}
    if isinstance(seen.event, RemovalAsked | RemovalRefused | Removed):
        return after_removal(before, seen.event, seen.recorded_at)
    after = _after(before, seen)
    if not seen.erased:
        return after
    marked = (after.get(seen.group) or {}) | {"erased": True}
    return {**after, seen.group: _without_stand_ins(marked)}


def _after(before: Contents, seen: Seen) -> Contents:
    event = seen.event
    if isinstance(event, RecordEvent):
        return record_handling(before, event, seen.meta.by, seen.version)
    after = _by_kind(seen.meta.kind, before, event) if event else before
    return relabelled(after, event) if isinstance(event, Relabelling) else after


def _by_kind(kind: Kind, before: Contents, event: DomainEvent) -> Contents:  # noqa: C901 - one arm a kind
    # cast: the stream of a kind holds only that kind's events.
    match kind:
        case Kind.ORGANISATION:
            return organisation(before, cast("OrganisationEvent", event))
        case Kind.PLACE:
            return place(before, cast("PlaceEvent", event))
        case Kind.PERSON:
            return person(before, cast("PersonEvent", event))
        case Kind.POST:
            return post(before, cast("PostEvent", event))
        case Kind.ENGAGEMENT:
            return engagement(before, cast("EngagementEvent", event))
        case Kind.COMMITMENT:
            return commitment(before, cast("CommitmentEvent", event))
        case Kind.ATTACHMENT:
            return attachment(before, cast("AttachmentEvent", event))
        case Kind.PARTNER | Kind.ACCOUNT | Kind.CLIENT | Kind.READS | Kind.GLASS | Kind.VIEWING:
            raise ValueError("access is nobody's view, and its events are not followed here")
        case _:
            assert_never(kind)


def _without_stand_ins(fields: Fields) -> Fields:
    return {name: _tombstone(value) for name, value in fields.items()}


def _tombstone(value: Any) -> Any:  # Any: JSON
    match value:
        case {"text": text, "lang": lang} if {"text": text, "lang": lang} == ERASED_TEXT:
            return dict(ERASED)
        case dict():
            return _without_stand_ins(value)
        case list():
            return [_tombstone(one) for one in value]
        case _:
            return value

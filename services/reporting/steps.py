"""From stored events to changed documents, and to rows of history and feed. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.reporting.records.document import Document, Fields
from services.reporting.records.folding import EXACT_ALONE, Seen, fold
from services.reporting.records.rows import LabelIds, Row
from shared.coarsening import Coarse
from shared.contracts.event import Group
from shared.contracts.removals import Removed
from shared.event_meta import read_meta
from shared.event_types import EventTypes
from shared.labels import Label, to_json
from shared.sealing import Opened
from shared.trace import parse

LABELS_KEPT = 1_024


@dataclass(frozen=True, slots=True)
class Step:
    """One event and the record before and after it."""

    before: Document | None
    seen: Seen
    after: Document

    @property
    def removed(self) -> Removed | None:
        """The removal, if that is what happened."""
        return self.seen.event if isinstance(self.seen.event, Removed) else None

    @property
    def groups(self) -> list[Group]:
        """The groups it changed. What a new record leaves empty is no change."""
        return [
            group
            for group, part in self.after.parts.items()
            if part.version == self.seen.version
            and (self.before is not None or group is Group.BASE or part.fields is not None)
        ]


def seen_events(opened: Sequence[Opened], types: EventTypes, source: str) -> list[Seen]:
    """Those of `opened` whose type is known here."""
    return [_seen(one, types, source) for one in opened if one.recorded.type in types]


def _seen(opened: Opened, types: EventTypes, source: str) -> Seen:
    recorded = opened.recorded
    return Seen(
        type=recorded.type,
        event=opened.event,
        group=types[recorded.type].model.group,
        erased=opened.sealed_away,
        meta=read_meta(recorded.meta),
        source=source,
        epoch=recorded.epoch,
        position=recorded.position,
        version=recorded.version,
        recorded_at=recorded.recorded_at,
    )


def steps_of(
    documents: Mapping[str, Document], events: Sequence[Seen], coarse: Coarse = EXACT_ALONE
) -> list[Step]:
    """Fold `events` in order onto `documents` (by id)."""
    known = dict(documents)
    steps = []
    for seen in events:
        record_id = str(seen.meta.record)
        step = Step(known.get(record_id), seen, fold(known.get(record_id), seen, coarse))
        known[record_id] = step.after
        steps.append(step)
    return steps


def since_removal(steps: Sequence[Step], *, itself: bool) -> list[Step]:
    """Without what came before the removal of a record; with the removal `itself`, or without."""
    gone = {step.after.id: step.seen.version for step in steps if step.removed}
    first = {id_: version if itself else version + 1 for id_, version in gone.items()}
    return [step for step in steps if step.seen.version >= first.get(step.after.id, 0)]


def version_rows(steps: Sequence[Step], ids: LabelIds) -> Iterator[Row]:
    """History: one row for each group an event changed."""
    for step in steps:
        for group in step.groups:
            yield {
                "record_id": step.after.id,
                "version": step.seen.version,
                "grp": group,
                "event_type": step.seen.type,
                "position": step.seen.position,
                "recorded_at": step.seen.recorded_at,
                "by_org": str(step.seen.meta.organisation),
                "trace_id": _trace_id(step.seen.meta.traceparent),
                "label_id": ids[step.after.effective_label(group)],
                "after": _became(step, group),
            }


def change_rows(steps: Sequence[Step], ids: LabelIds) -> Iterator[Row]:
    """The feed: the same, as what to tell of it."""
    for step in steps:
        for ordinal, group in enumerate(step.groups):
            yield {
                "source": step.seen.source,
                "epoch": step.seen.epoch,
                "position": step.seen.position,
                "ordinal": ordinal,
                "record_id": step.after.id,
                "kind": step.after.kind,
                "grp": group,
                "label_id": ids[step.after.effective_label(group)],
                "previous_label_id": _previous(step, group, ids),
                "version": step.seen.version,
                "recorded_at": step.seen.recorded_at,
            }


def _trace_id(traceparent: str) -> str:
    """Empty when none was stored: a new one would be another at every rebuild."""
    found = parse(traceparent)
    return found.trace_id if found else ""


def _previous(step: Step, group: Group, ids: LabelIds) -> int | None:
    if step.before is None or group not in step.before.parts:
        return None
    return ids[step.before.effective_label(group)]


def _became(step: Step, group: Group) -> Fields:
    """Only the fields that changed; the label among them, for it is news too."""
    if step.before is None:
        return {k: v for k, v in _spoken(step.after, group).items() if v is not None}
    old = _spoken(step.before, group)
    new = _spoken(step.after, group)
    return {name: new.get(name) for name in {**old, **new} if old.get(name) != new.get(name)}


def _spoken(document: Document | None, group: Group) -> Fields:
    if document is None or group not in document.parts:
        return {}
    part = document.parts[group]
    return {**(part.fields or {}), "label": _told(part.label)}


@lru_cache(LABELS_KEPT)
def _told(value: Label) -> Fields:
    return to_json(value)

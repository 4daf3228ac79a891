"""Dates on which a record's label changes by itself: who sets them, and what happens when they come. Pure.

| command     | rule                                                                                    |
|-------------|-----------------------------------------------------------------------------------------|
| schedule    | as it should stand; what changes nothing makes no event; a date lies ahead; what would   |
|             | show a guarded or controlled record to more people needs a release, asked for with `at`  |
| take effect | the clock's alone: what is due by now. An expiry comes before a declassification          |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.event import DomainEvent, Group, Labels
from shared.contracts.records import RecordDeclassified, RecordExpired, RecordScheduled
from shared.decider import Context
from shared.errors import RejectedError, invalid
from shared.handling import Dates, widens
from shared.known import Known
from shared.labels import Label, from_json, reads
from shared.labels_asked import NOTHING_ASKED, LabelsAsked
from shared.record_state import effective
from shared.removing import for_the_owner_alone

MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ScheduleLabel:
    """`labels`: those it has from `declassify_at` on. Moments are UTC."""

    declassify_at: datetime | None = None
    labels: LabelsAsked = field(default=NOTHING_ASKED)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TakeEffect:
    """What is due takes effect."""


def schedule(known: Known, command: ScheduleLabel, ctx: Context) -> list[DomainEvent]:
    before = known.handling.dates
    wanted = command.labels.for_known(known.groups, ctx)
    dates = Dates(command.declassify_at, wanted, command.expires_at)
    if dates == before:
        return []
    _check_whole(dates)
    for pointer, at, was in (
        ("/declassify_at", dates.declassify_at, before.declassify_at),
        ("/expires_at", dates.expires_at, before.expires_at),
    ):
        if at != was:
            check_ahead(pointer, at, ctx.now)
    check_order(dates.declassify_at, dates.expires_at, "/expires_at")
    if wanted and (dates.declassify_at, wanted) != (before.declassify_at, before.declassify_to):
        _check_declassifies(known, wanted, ctx)
    return [
        RecordScheduled(
            declassify_at=dates.declassify_at, declassify_to=wanted, expires_at=dates.expires_at
        )
    ]


def take_effect(known: Known, ctx: Context) -> list[DomainEvent]:
    dates = known.handling.dates
    if dates.expires_at and dates.expires_at <= ctx.now:
        alone = for_the_owner_alone(known.labels[Group.BASE], known.owner)
        return [RecordExpired(labels=alone, due_at=dates.expires_at)]
    if dates.declassify_at and dates.declassify_at <= ctx.now:
        return [RecordDeclassified(labels=dates.declassify_to, due_at=dates.declassify_at)]
    return []


def check_ahead(pointer: str, at: datetime | None, now: datetime) -> None:
    """Raises InvalidError for a moment that has been."""
    if at and at <= now:
        raise invalid(pointer, "in_past", "This moment has been; relabel or release it instead.")


def check_order(declassify_at: datetime | None, expires_at: datetime | None, pointer: str) -> None:
    """Raises InvalidError where it would be closed before it is opened."""
    if declassify_at and expires_at and expires_at <= declassify_at:
        raise invalid(pointer, "out_of_order", "It would expire before it is declassified.")


def show_to_new(known: Known, wanted: Labels) -> Mapping[Group, Label]:
    """Of the `wanted` labels those that more people would read than read the group now."""
    named = {group: from_json(value) for group, value in wanted.items()}
    before = known.labels
    return {
        group: value
        for group, value in named.items()
        if group in before and widens(before[group], value)
    }


def _check_whole(dates: Dates) -> None:
    if dates.declassify_at and not dates.declassify_to:
        raise invalid("/label", MISSING, "Say which label it has from then on.")
    if dates.declassify_to and not dates.declassify_at:
        raise invalid("/declassify_at", MISSING, "Say from when on it has this label.")


def _check_declassifies(known: Known, wanted: Labels, ctx: Context) -> None:
    """Raises RejectedError, or InvalidError for a label its writer could not read back."""
    new = show_to_new(known, wanted)
    if not new:
        raise RejectedError(
            "Nobody new would see it by this label; relabel it instead.", code="releases_nothing"
        )
    guarded = any(ctx.policy.needs_second_person(known.labels[group]) for group in new)
    if guarded or known.handling.originator_of(known.owner):
        raise RejectedError(
            "More people would see it: ask for a release, which a second person approves.",
            code="release_needs_approval",
        )
    after = {**known.labels, **{group: from_json(value) for group, value in wanted.items()}}
    for group in wanted:
        if not reads(ctx.principal.clearance, effective(after, group)):
            pointer = "/label" if group is Group.BASE else f"/group_labels/{group}"
            raise invalid(pointer, "label_not_readable", "You could not read this back.")

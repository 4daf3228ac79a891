"""A place of the gazetteer as viewers see it."""

from typing import assert_never

from services.reporting.records.document import Contents, Fields, listed
from shared.contracts.contacts import (
    PlaceAmended,
    PlaceEvent,
    PlaceRegistered,
    PlaceRelabelled,
    PlaceRetired,
)
from shared.contracts.event import Group


def place(before: Contents, event: PlaceEvent) -> Contents:
    """What each group holds after `event`."""
    base = before.get(Group.BASE) or {}
    match event:
        case PlaceRegistered():
            return {Group.BASE: _fields(event, "external_ids") | {"status": "active"}}
        case PlaceAmended():
            return {Group.BASE: base | _fields(event)}
        case PlaceRetired():
            return {Group.BASE: base | {"status": "retired"} | listed(event, "reason")}
        case PlaceRelabelled():
            return before
        case _:
            assert_never(event)


def _fields(event: PlaceRegistered | PlaceAmended, *more: str) -> Fields:
    found = listed(
        event,
        "name", "alternative_names", "level", "pcode", "area", "parent_id", "point", "precision",
        "source", *more,
    )  # fmt: skip
    return found | {"title": found["name"]}

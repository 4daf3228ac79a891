"""What is left of a record whose content was removed, and what is told of a removal before. Pure."""

from typing import Any

from services.reporting.records.document import ERASED, Contents, Fields
from shared.contracts.contacts import ContactsEvent
from shared.contracts.engagements import EngagementsEvent
from shared.contracts.event import Group
from shared.contracts.removals import AnyRemoval, Removed
from shared.event_types import event_types

REMOVED = "removed"
SEALED = frozenset(
    name
    for known in {**event_types(ContactsEvent), **event_types(EngagementsEvent)}.values()
    for name in known.sealed
)


def after_removal(before: Contents, event: AnyRemoval) -> Contents:
    """Each group after a step of a removal: in the end no text, no other group, and no name."""
    base = before.get(Group.BASE) or {}
    if not isinstance(event, Removed):
        return {**before, Group.BASE: base | {"removal": _told(event)}}
    emptied = {
        name: _without_sealed(value) if name in SEALED else _emptied(value)
        for name, value in base.items()
    }
    marks: Fields = {"status": REMOVED, "title": dict(ERASED), "erased": True}
    told = {"removal": {"state": REMOVED, "ground": event.ground.value}}
    return {**dict.fromkeys(before, None), Group.BASE: emptied | marks | told}


def _told(event: AnyRemoval) -> Fields | None:
    ground = getattr(event, "ground", None)
    return {"state": "asked", "ground": ground.value} if ground else None


def _without_sealed(value: Any) -> Any:  # Any: JSON
    match value:
        case {"text": _, "lang": _}:
            return dict(ERASED)
        case list():
            return []
        case _:
            return None


def _emptied(value: Any) -> Any:  # Any: JSON
    """The same without any text; codes, times and ids were never sealed and stay."""
    match value:
        case {"text": _, "lang": _}:
            return dict(ERASED)
        case dict():
            return {name: _emptied(one) for name, one in value.items()}
        case list():
            return [_emptied(one) for one in value]
        case _:
            return value

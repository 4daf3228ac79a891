"""What is left of a record's base once its content was removed: codes, times and ids, and no words. Pure.

Reporting folds by it, and the page that asks for a second person shows by it what will go.
"""

from collections.abc import Mapping
from typing import Any

from shared.contracts.contacts import ContactsEvent
from shared.contracts.engagements import EngagementsEvent
from shared.event_types import event_types

# What stands in a tombstone: the text is gone and says so.
ERASED: Mapping[str, Any] = {"text": None, "lang": "zxx", "erased": True}
SEALED = frozenset(
    name
    for known in {**event_types(ContactsEvent), **event_types(EngagementsEvent)}.values()
    for name in known.sealed
)


def left_of(fields: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON
    """Of fields of a base: those that were sealed without their value, the others without words."""
    return {
        name: _without_sealed(value) if name in SEALED else _emptied(value)
        for name, value in fields.items()
    }


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

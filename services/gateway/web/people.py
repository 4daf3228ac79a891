"""The people of an engagement as this reader may see them: organisations, names, or neither."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.web.ports import View


@dataclass(frozen=True, slots=True)
class Attending:
    """`name` is set only when the identity group is readable and holds it; `person_id` may lead to a record:
    somebody named in haste is the person he was linked to later."""

    side: str
    organisation_id: str | None
    person_id: str | None
    name: Mapping[str, Any] | None  # Any: a Name of shared/values.py as JSON


def people(view: View) -> list[Attending]:
    named = {one["person_id"]: one for one in _named(view)}
    return [
        _attending(one, named.get(one.get("person_id"), {}))
        for one in view.get("participants") or ()
    ]


def _attending(one: View, named: View) -> Attending:
    person_id = named.get("linked_to") or one.get("person_id")
    return Attending(one["side"], one.get("organisation_id"), person_id, named.get("name"))


def _named(view: View) -> list[Mapping[str, Any]]:  # Any: JSON
    return list((view.get("identity") or {}).get("people") or ())

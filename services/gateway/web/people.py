"""The people of an engagement as this reader may see them: organisations, names, or neither."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.web.ports import View


@dataclass(frozen=True, slots=True)
class Attending:
    """`name` is set only when the identity group is readable and holds it."""

    side: str
    organisation_id: str | None
    name: Mapping[str, Any] | None  # Any: a Name of shared/values.py as JSON


def people(view: View) -> list[Attending]:
    names = {one["person_id"]: one["name"] for one in _named(view)}
    return [
        Attending(one["side"], one.get("organisation_id"), names.get(one.get("person_id")))
        for one in view.get("participants") or ()
    ]


def _named(view: View) -> list[Mapping[str, Any]]:  # Any: JSON
    return list((view.get("identity") or {}).get("people") or ())

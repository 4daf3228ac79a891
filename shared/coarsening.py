"""What a reader of a record sees instead of a part of it that he may not see exactly. Pure.

Some kinds have groups that are *finer* than their base: the exact time, the exact place. Where one has a
label of its own, the base holds a coarse form of it, and its readers the exact one. The coarse form is a
function of the kind, the policy and the value's own day or district, and everything that lists, sorts,
searches, counts or draws the base knows nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.contracts.event import Group
from shared.ids import Kind

MARK = "coarse"
DISTRICT_LETTERS = 6
# The fields of the base that each finer group holds exactly.
FIELDS: Mapping[Group, tuple[str, ...]] = {
    Group.TIME: ("starts_at", "ends_at", "time_precision", "zone"),
    Group.PLACE: ("place",),
}
Fields = dict[str, Any]  # Any: JSON
Contents = Mapping[Group, Fields | None]


class Form(StrEnum):
    """`day`: the day alone; `district`: the district alone; `role`: what somebody is, and not who."""

    DAY = "day"
    DISTRICT = "district"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Coarse:
    """A policy's forms by kind and group; without one the group is withheld altogether.

    `district_letters`: how long the p-code of a district is here.
    """

    forms: Mapping[Kind, Mapping[Group, Form]] = field(default_factory=dict)
    district_letters: int = DISTRICT_LETTERS

    def form(self, kind: Kind, group: Group) -> Form | None:
        return self.forms.get(kind, {}).get(group)


def whole(contents: Contents) -> Contents:
    """With all finer groups put back into the base."""
    finer = [group for group in FIELDS if group in contents]
    base = contents.get(Group.BASE)
    if not finer or base is None:
        return contents
    exact = {name: value for group in finer for name, value in (contents[group] or {}).items()}
    rest = {name: value for name, value in base.items() if name != MARK}
    others = {group: held for group, held in contents.items() if group not in FIELDS}
    return others | {Group.BASE: rest | exact}


def split(contents: Contents, kind: Kind, labelled: Iterable[Group], coarse: Coarse) -> Contents:
    """With groups that have a label of their own taken out of the base, and coarse forms in their stead."""
    finer = [group for group in FIELDS if group in labelled]
    base = contents.get(Group.BASE)
    if not finer or base is None:
        return contents
    exact: dict[Group, Fields | None] = {group: _held(base, group) or None for group in finer}
    return {**contents, **exact, Group.BASE: coarsened(base, kind, finer, coarse)}


def coarsened(fields: Fields, kind: Kind, finer: Iterable[Group], coarse: Coarse) -> Fields:
    """With coarse forms in place of what these groups hold exactly, and what is told so."""
    told = dict(fields.get(MARK) or {})
    rest = dict(fields)
    for group in finer:
        form = coarse.form(kind, group)
        rest |= _coarse(_held(fields, group), form, coarse.district_letters)
        told[group.value] = form
    return rest | ({MARK: told} if told else {})


def _held(fields: Fields, group: Group) -> Fields:
    return {name: fields[name] for name in FIELDS.get(group, ()) if name in fields}


def _coarse(held: Fields, form: Form | None, district_letters: int) -> Fields:
    match form:
        case Form.DAY:
            return {name: _day(name, value) for name, value in held.items()}
        case Form.DISTRICT:
            return {name: _district(value, district_letters) for name, value in held.items()}
        case _:
            return dict.fromkeys(held)


def _day(name: str, value: Any) -> Any:  # Any: JSON
    if name == "time_precision":
        return "day"
    if name == "zone":
        return "UTC"
    if not isinstance(value, str):
        return None
    day = datetime.fromisoformat(value).replace(hour=0, minute=0, second=0, microsecond=0)
    return day.isoformat().replace("+00:00", "Z")


def _district(place: Any, letters: int) -> Fields | None:  # Any: JSON
    """Nothing where the district is not known: words of a place may be as good as a point."""
    area = (place or {}).get("area") or ""
    if len(area) < letters:
        return None
    district = area[:letters]
    return {"text": district, "place_id": None, "area": district, "point": None,
            "precision": "district"}  # fmt: skip

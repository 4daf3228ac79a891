"""A record field by field, as whoever it is told to would get it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.coarsening import FIELDS
from shared.contracts.event import Group
from shared.ids import RecordId

View = Mapping[str, Any]  # Any: JSON of a view
# What handles the record; the page tells it elsewhere, or it tells nothing.
ABOUT = frozenset({
    "id", "kind", "owner", "label", "group_labels", "withheld", "tags", "view_version", "source_version",
    "recorded_at", "updated_at", "handling", "title", "marked", "status", "coarse",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """`ids`: the records it names."""

    name: str
    value: Any  # Any: JSON
    ids: tuple[str, ...]


def fields_by_group(view: View) -> dict[str, list[Field]]:
    """What each group says; the base first. Only groups that are shown."""
    groups = view["group_labels"]
    exact = {group: FIELDS[Group(group)] for group in groups if group in FIELDS}
    apart = {*groups, *(name for names in exact.values() for name in names)}
    told = {"base": {name: value for name, value in view.items() if name not in ABOUT | apart}}
    for group in groups:
        names = exact.get(group)
        told[group] = {n: view.get(n) for n in names} if names else view.get(group) or {}
    return {group: list(_fields(content)) for group, content in told.items()}


def ids_in(view: View) -> set[str]:
    """Every record that is named in it."""
    return {id_ for fields in fields_by_group(view).values() for one in fields for id_ in one.ids}


def left_behind(source: View, extract: View) -> dict[str, list[str]]:
    """By group, the fields of `source`, as its reader sees it, of which `extract` says nothing."""
    kept = {(group, one.name) for group, ones in fields_by_group(extract).items() for one in ones}
    return _named(source, lambda group, one: (group, one.name) not in kept)


def said_otherwise(source: View, extract: View) -> dict[str, list[str]]:
    """By group, the fields that both tell, each in its own way."""
    told = fields_by_group(source).items()
    before = {(group, one.name): one.value for group, ones in told for one in ones}
    return _named(extract, lambda group, one: before.get((group, one.name), one.value) != one.value)


def _named(view: View, wanted: Callable[[str, Field], bool]) -> dict[str, list[str]]:
    found = {
        group: [one.name for one in ones if wanted(group, one)]
        for group, ones in fields_by_group(view).items()
    }
    return {group: names for group, names in found.items() if names}


def _fields(content: View) -> Iterator[Field]:
    for name, value in content.items():
        if value not in (None, "", [], {}, False):
            yield Field(name, value, tuple(dict.fromkeys(_ids(value))))


def _ids(value: Any) -> Iterator[str]:  # Any: JSON
    match value:
        case str() if _is_id(value):
            yield value
        case dict():
            for inner in value.values():
                yield from _ids(inner)
        case list():
            for inner in value:
                yield from _ids(inner)
        case _:
            return


def _is_id(text: str) -> bool:
    try:
        RecordId.parse(text)
    except ValueError:
        return False
    return True

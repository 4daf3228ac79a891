"""What an import is going to send, before anything is sent."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]  # Any: JSON


class UnreadableFileError(Exception):
    """The file is not one this import can read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Item:
    """One record to put. `key` is the file's own id for it, byte for byte; `row` is where it stands.

    `parent` is the key of another item: sent before this one, its record becomes the parent.
    `organisation`: how the file names the one a person belongs to.
    """

    key: str
    row: str
    body: Json
    parent: str | None = None
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a row that its owner should know. `what`: rejected, note or duplicate."""

    what: str
    row: str
    key: str
    reason: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """`kind` is the plural of the API. `mapping`: lines that say how the file was understood."""

    kind: str
    system: str
    mapping: tuple[str, ...]
    items: tuple[Item, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person importing asked for, over what would be detected."""

    system: str | None = None
    id_column: str | None = None
    language: str = "en"
    columns: dict[str, str] = field(default_factory=dict)


def waves(items: tuple[Item, ...]) -> list[list[Item]]:
    """Items in the order they can be sent: every parent in an earlier wave than its children.

    An item whose parents go round in a circle comes first and keeps its parent unresolved.
    """
    parents = {item.key: item.parent for item in items}
    depth = {key: _depth(key, parents) for key in parents}
    found: dict[int, list[Item]] = {}
    for item in items:
        found.setdefault(depth[item.key], []).append(item)
    return [found[level] for level in sorted(found)]


def _depth(key: str, parents: dict[str, str | None]) -> int:
    depth, above, seen = 0, parents.get(key), {key}
    while above is not None and above in parents and above not in seen:
        seen.add(above)
        depth += 1
        above = parents[above]
    return depth

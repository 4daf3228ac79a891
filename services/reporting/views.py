"""What one reader sees of a record: built from the groups he reads, in JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, Protocol

import orjson

from services.reporting.queries.records import portions_of
from services.reporting.reading import Snapshot
from shared.coarsening import MARK
from shared.contracts import contacts, engagements
from shared.contracts.event import FINER, Group, within
from shared.ids import Kind
from shared.labels import Label, from_json, join
from shared.policy import Policy

EXERCISE = "EXERCISE"
# Fields of the handling that hold labels, and where.
LABELS_TO_COME = {"waiting": "wanted", "dates": "declassify_to", "extract_allowed": "labels"}
# Told by edges, which ask whether their two ends are read.
TOLD_BY_EDGES = "extracts"
ONLY_BASE = frozenset({Group.BASE})
ORIGINATOR_CONTROL = "ORIGINATOR-CONTROL"
OTHER_GROUPS = {
    kind: tuple(group for group in groups if group is not Group.BASE)
    for kind, groups in {**contacts.GROUPS, **engagements.GROUPS}.items()
}

View = dict[str, Any]  # Any: JSON


class Row(Protocol):
    """A row by the names of its columns: of the database, or as one would be."""

    def __getitem__(self, column: str, /) -> Any: ...  # Any: columns


class Views:
    """Renders rows that a query let through. Labels are shown in the mission's own words."""

    def __init__(self, policy: Policy, labels: Mapping[int, Label]) -> None:
        self._policy = policy
        self._labels = labels

    async def of(self, snapshot: Snapshot, rows: Sequence[Row]) -> list[View]:
        """The views of these records, in their order. One query."""
        if not rows:
            return []
        portions: dict[str, list[Row]] = {}
        for portion in await portions_of(snapshot, [row["record_id"] for row in rows]):
            portions.setdefault(portion["record_id"], []).append(portion)
        return [self.view(row, portions.get(row["record_id"], [])) for row in rows]

    def label(self, label_id: int, owner: str) -> View:
        """A label as its readers see it."""
        return self.marking((label_id,), owner)

    def marking(self, label_ids: Iterable[int], owner: str) -> View:
        """The label read by who reads all of these: what was so then is marked as today, too."""
        return self._policy.wire(reduce(join, (self._labels[one] for one in label_ids)), owner)

    def _handled(self, owner: str, read: Mapping[Group, Row]) -> View:
        """What waits to be released. Withheld it is not mentioned: hardly any record has it."""
        content = _content(read[Group.HANDLING]) if Group.HANDLING in read else None
        if not content:
            return {}
        seen = frozenset({Group.BASE, *read})
        told = {k: v for k, v in content.items() if k != TOLD_BY_EDGES}
        said = {k: spoken(k, v, owner, self._policy, seen) for k, v in told.items()}
        return {Group.HANDLING.value: said} if said else {}

    def _finer(
        self, kind: Kind, doc: View, read: Mapping[Group, Row]
    ) -> tuple[View, dict[str, str | None]]:
        """Exact fields, where he reads them; and in which form he is told what he does not."""
        told: dict[str, str | None] = dict(doc.get(MARK) or {})
        exact: View = {}
        for group in FINER & read.keys():
            told.pop(group, None)
            exact |= _content(read[group]) or {}
        role = self._policy.coarse.form(kind, Group.IDENTITY)
        if role and Group.IDENTITY not in read:
            told[Group.IDENTITY.value] = role.value
        return exact, dict(sorted(told.items()))

    def view(self, row: Row, portions: Sequence[Row]) -> View:
        """Of a record and those of its groups that are read."""
        owner, doc = row["owner"], orjson.loads(row["doc"])
        read = {Group(portion["grp"]): portion for portion in portions}
        kind = Kind(row["kind"])
        groups = OTHER_GROUPS[kind]
        finer, coarse = self._finer(kind, doc, read)
        return {
            **doc,
            **finer,
            "coarse": coarse,
            "id": row["record_id"],
            "kind": row["kind"],
            "owner": owner,
            "recorded_at": spell(row["recorded_at"]),
            "updated_at": spell(_latest(row["updated_at"], portions, "updated_at")),
            "view_version": _latest(row["base_version"], portions, "version"),
            "source_version": row["source_version"],
            "label": self.marking((row["label_id"], row["label_now"]), owner),
            "group_labels": {
                group.value: self.marking(_own_labels(read, group), owner)
                for group in groups
                if group in read
            },
            "withheld": [
                group
                for group in groups
                if group not in read and (group not in FINER or group in coarse)
            ],
            "tags": _tags(row, doc),
            **{
                group.value: _content(read[group])
                for group in groups
                if group in read and group not in FINER
            },
            **self._handled(owner, read),
        }


def spoken(
    name: str, value: Any, owner: str, policy: Policy, seen: frozenset[Group] = ONLY_BASE
) -> Any:  # Any: JSON
    """A field of the handling in the mission's words; of labels only those of groups that are `seen`."""
    labels = LABELS_TO_COME.get(name)
    if labels is None or not value:
        return value
    told = {group: label for group, label in value[labels].items() if group in seen}
    return value | {
        labels: {group: policy.wire(from_json(label), owner) for group, label in told.items()}
    }


# What a view is never without: what handling it takes, and what the gateway checks and notes it by.
ALWAYS = frozenset(
    {"id", "kind", "owner", "label", "group_labels", "withheld", "tags", "view_version"}
    | {"source_version", "coarse"}
)


def chosen(view: View, fields: Iterable[str]) -> View:
    """Only these fields, and what a view is never without; all of them when none is named."""
    wanted = {*fields}
    if not wanted:
        return view
    return {name: value for name, value in view.items() if name in wanted | ALWAYS}


def spell(moment: Any) -> str:  # Any: a column
    """RFC 3339 in UTC, ending in Z."""
    return str(moment.isoformat()).replace("+00:00", "Z")


def _latest(base: Any, portions: Sequence[Row], column: str) -> Any:  # Any: a column
    return max([base, *(portion[column] for portion in portions)])


def _own_labels(read: Mapping[Group, Row], group: Group) -> Iterator[int]:
    """Then and now, with those of what the group is a part of."""
    for one in within(group):
        if one in read:
            yield from (read[one]["own_label_id"], read[one]["own_label_now"])


def _tags(row: Row, doc: View) -> list[str]:
    """What tells a reader how to handle it, and never decides who reads."""
    marked = doc.get("marked") or {}
    controlled = {ORIGINATOR_CONTROL} if marked.get("originator_control") else set()
    exercise = {EXERCISE} if row["exercise"] else set()
    return sorted({*marked.get("tags", ()), *controlled, *exercise})


def _content(portion: Row) -> View | None:
    return orjson.loads(portion["doc"]) if portion["doc"] else None

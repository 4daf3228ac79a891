"""What one reader sees of a record: built from the groups he reads, in JSON."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

import orjson

from services.reporting.queries.records import portions_of
from services.reporting.reading import Snapshot
from shared.contracts import contacts, engagements
from shared.contracts.event import Group
from shared.ids import Kind
from shared.labels import Label, from_json, join
from shared.policy import Policy

if TYPE_CHECKING:
    import asyncpg

EXERCISE = "EXERCISE"
ORIGINATOR_CONTROL = "ORIGINATOR-CONTROL"
OTHER_GROUPS = {
    kind: tuple(group for group in groups if group is not Group.BASE)
    for kind, groups in {**contacts.GROUPS, **engagements.GROUPS}.items()
}

View = dict[str, Any]  # Any: JSON
Row = "asyncpg.Record"


class Views:
    """Renders rows that a query let through. Labels are shown in the mission's own words."""

    def __init__(self, policy: Policy, labels: Mapping[int, Label]) -> None:
        self._policy = policy
        self._labels = labels

    async def of(self, snapshot: Snapshot, rows: "Sequence[asyncpg.Record]") -> list[View]:
        """The views of these records, in their order. One query."""
        if not rows:
            return []
        portions: dict[str, list[asyncpg.Record]] = {}
        for portion in await portions_of(snapshot, [row["record_id"] for row in rows]):
            portions.setdefault(portion["record_id"], []).append(portion)
        return [self._view(row, portions.get(row["record_id"], [])) for row in rows]

    def label(self, label_id: int, owner: str) -> View:
        """A label as its readers see it."""
        return self.marking((label_id,), owner)

    def marking(self, label_ids: Iterable[int], owner: str) -> View:
        """The label read by who reads all of these: what was so then is marked as today, too."""
        return self._policy.wire(reduce(join, (self._labels[one] for one in label_ids)), owner)

    def _handled(self, row: "asyncpg.Record", doc: View, handling: "asyncpg.Record | None") -> View:
        """How it is marked, and what waits to be released; withheld, the latter is not mentioned."""
        owner, policy = row["owner"], self._policy
        waiting = (_content(handling) if handling else None) or {}
        shown = {
            "marked": spoken("marked", doc.get("marked"), owner, policy),
            Group.HANDLING.value: {k: spoken(k, v, owner, policy) for k, v in waiting.items()},
        }
        return {name: value for name, value in shown.items() if value}

    def _view(self, row: "asyncpg.Record", portions: "list[asyncpg.Record]") -> View:
        owner, doc = row["owner"], orjson.loads(row["doc"])
        read = {Group(portion["grp"]): portion for portion in portions}
        groups = OTHER_GROUPS[Kind(row["kind"])]
        return {
            **doc,
            "id": row["record_id"],
            "kind": row["kind"],
            "owner": owner,
            "recorded_at": spell(row["recorded_at"]),
            "updated_at": spell(_latest(row["updated_at"], portions, "updated_at")),
            "view_version": _latest(row["base_version"], portions, "version"),
            "source_version": row["source_version"],
            "label": self.marking((row["label_id"], row["label_now"]), owner),
            "group_labels": {
                group.value: self.marking(
                    (read[group]["own_label_id"], read[group]["own_label_now"]), owner
                )
                for group in groups
                if group in read
            },
            "withheld": [group for group in groups if group not in read],
            "tags": _tags(row, doc),
            **{group.value: _content(read[group]) for group in groups if group in read},
            **self._handled(row, doc, read.get(Group.HANDLING)),
        }


def spoken(name: str, value: Any, owner: str, policy: Policy) -> Any:  # Any: JSON
    """A field of the handling as its readers see it: labels in the mission's words."""
    match name, value:
        case "waiting", {"wanted": wanted}:
            return value | {"wanted": _in_words(wanted, owner, policy)}
        case "marked", {"declassify_to": labels}:
            label = _in_words(labels, owner, policy).get(Group.BASE.value)
            return value | {"declassify_to": label}
        case _:
            return value


def _in_words(labels: View, owner: str, policy: Policy) -> View:
    return {group: policy.wire(from_json(label), owner) for group, label in labels.items()}


def chosen(view: View, fields: Iterable[str]) -> View:
    """Only these fields, and what a view is never without; all of them when none is named."""
    wanted = {*fields}
    if not wanted:
        return view
    always = {"id", "kind", "label", "withheld", "tags", "view_version", "source_version"}
    return {name: value for name, value in view.items() if name in wanted | always}


def spell(moment: Any) -> str:  # Any: a column
    """RFC 3339 in UTC, ending in Z."""
    return str(moment.isoformat()).replace("+00:00", "Z")


def _latest(base: Any, portions: "list[asyncpg.Record]", column: str) -> Any:  # Any: a column
    return max([base, *(portion[column] for portion in portions)])


def _tags(row: "asyncpg.Record", doc: View) -> list[str]:
    """What tells a reader how to handle it, and never decides who reads."""
    marked = doc.get("marked") or {}
    controlled = {ORIGINATOR_CONTROL} if marked.get("originator_control") else set()
    exercise = {EXERCISE} if row["exercise"] else set()
    return sorted({*marked.get("tags", ()), *controlled, *exercise})


def _content(portion: "asyncpg.Record") -> View | None:
    return orjson.loads(portion["doc"]) if portion["doc"] else None

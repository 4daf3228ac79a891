"""History, edges, points and changes as their readers get them, in JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from services.reporting.queries.changes import Told
from services.reporting.views import TOLD_BY_EDGES, View, Views, spell, spoken
from shared.labels import from_json
from shared.policy import Policy
from shared.values import PRECISION_RADIUS_METRES, Precision

if TYPE_CHECKING:
    import asyncpg

SINGLE = ("kind", "status", "type")


def history(
    rows: Iterable["asyncpg.Record"], owner: str, views: Views, policy: Policy
) -> Iterator[View]:
    """Per event and group, oldest first: when, who, what changed.

    What was before is what the reader's own history says it was: a version he may not read tells nothing.
    """
    known: dict[tuple[str, str], Any] = {}  # Any: JSON, by group and field
    for row in rows:
        after = orjson.loads(row["after"])
        yield {
            "recorded_at": spell(row["recorded_at"]),
            "type": row["event_type"],
            "group": row["grp"],
            "org": row["by_org"],
            "label": views.label(row["label_id"], owner),
            "changes": [
                {
                    "field": name,
                    "before": _said(name, known.get((row["grp"], name)), owner, policy),
                    "after": _said(name, value, owner, policy),
                }
                for name, value in sorted(after.items())
                if name not in _SAID_ELSEWHERE and (value or known.get((row["grp"], name)))
            ],
        }
        known |= {(row["grp"], name): value for name, value in after.items()}


# The title repeats the field it is made of.
# Which extracts were made, edges tell.
_SAID_ELSEWHERE = frozenset({"title", TOLD_BY_EDGES})


def _said(name: str, value: Any, owner: str, policy: Policy) -> Any:  # Any: JSON
    """A text as its words, a label in the mission's terms, all else as it is."""
    match value:
        case None:
            return None
        case dict() if name == "label":
            return policy.wire(from_json(value), owner)
        case {"text": text}:
            return text
        case _:
            return spoken(name, value, owner, policy)


def edge(row: "asyncpg.Record") -> View:
    return {"from": row["from_id"], "to": row["to_id"], "kind": row["kind"], "group": row["grp"]}


def extracts(rows: "Sequence[asyncpg.Record]", record_id: str) -> View:
    """What the record is an extract of, and which were made of it."""
    return {
        "of": [_pair(row, "from_id") for row in rows if row["to_id"] == record_id],
        "items": [_pair(row, "to_id") for row in rows if row["from_id"] == record_id],
    }


def _pair(row: "asyncpg.Record", end: str) -> View:
    return {"id": row[end], "source_changed": row["changed"]}


def feature(row: "asyncpg.Record", views: Views) -> View:
    """A GeoJSON feature (RFC 7946: longitude first): one record, or how many are about there."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
        "properties": _cluster(row, views) if row["count"] > 1 else _single(row, views),
    }


def _cluster(row: "asyncpg.Record", views: Views) -> View:
    """`labels`: of everything in it, for whoever shows it to mark what he shows."""
    bbox = [row["west"], row["south"], row["east"], row["north"]]
    return {"cluster": True, "count": row["count"], "bbox": bbox, "labels": _labels(row, views)}


def _single(row: "asyncpg.Record", views: Views) -> View:
    precision = Precision(row["precision"] or Precision.UNKNOWN)
    return {
        "cluster": False,
        "count": 1,
        "id": row["record_id"],
        **{name: row[name] for name in SINGLE},
        "title": {"text": row["title"]},
        "starts_at": spell(row["starts_at"]) if row["starts_at"] else None,
        "label": _labels(row, views)[0],
        "precision": precision,
        "radius_metres": PRECISION_RADIUS_METRES[precision],
    }


def _labels(row: "asyncpg.Record", views: Views) -> list[View]:
    """Each label once, in the words of its records' owners, in an order that only the words decide.

    Neither how labels are numbered nor the order of rows may show: both depend on what is hidden.
    """
    pairs: list[tuple[str, str]] = orjson.loads(row["labels"])
    markings = [views.marking(_ids(spelled), owner) for spelled, owner in pairs]
    words = {orjson.dumps(marking, option=orjson.OPT_SORT_KEYS): marking for marking in markings}
    return [words[spelled] for spelled in sorted(words)]


def _ids(spelled: str) -> list[int]:
    """Of an array as PostgreSQL spells it."""
    return [int(one) for one in spelled.strip("{}").split(",")]


def changes(told: Mapping[str, Told]) -> Iterable[View]:
    """In each source's own order."""
    for source, found in told.items():
        for row in found.rows:
            yield {
                "source": source,
                "epoch": row["epoch"],
                "position": row["position"],
                "record_id": row["record_id"],
                "kind": row["kind"],
                "group": row["grp"],
                "what": "upsert" if row["readable"] else "revoked",
                "version": row["version"],
            }

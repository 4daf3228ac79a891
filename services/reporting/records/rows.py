"""Documents as rows of the read tables, and rows as documents. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from services.reporting.records.document import Document, Fields, Part
from services.reporting.records.references import EXTRACT, references
from services.reporting.records.words import folded, searchable
from shared.coarsening import MARK
from shared.contracts.event import Group
from shared.ids import Kind
from shared.labels import Label

SORTED_LETTERS = 100
SOURCES = {
    Kind.ORGANISATION: "contacts",
    Kind.PLACE: "contacts",
    Kind.PERSON: "contacts",
    Kind.POST: "contacts",
    Kind.ENGAGEMENT: "engagements",
    Kind.COMMITMENT: "engagements",
    Kind.ATTACHMENT: "engagements",
}
# The field lists can be narrowed by as `type`; kinds of one type only are their own.
TYPES = {
    Kind.ORGANISATION: "organisation_kind",
    Kind.PLACE: "level",
    Kind.ENGAGEMENT: "engagement_type",
    Kind.COMMITMENT: "direction",
    Kind.ATTACHMENT: "media_type",
}

LabelIds = Mapping[Label, int]
Row = dict[str, Any]  # Any: values of columns


def record_row(document: Document, ids: LabelIds) -> Row:
    """The row of the base group."""
    base, part = document.base, document.parts[Group.BASE]
    title = (base.get("title") or {}).get("text")
    return {
        "record_id": document.id,
        "kind": document.kind,
        "source": SOURCES[document.kind],
        "owner": document.owner,
        "title": title,
        "title_key": folded(title or "")[:SORTED_LETTERS],
        "status": base["status"],
        "type": base[TYPES[document.kind]] if document.kind in TYPES else document.kind,
        "label_id": ids[part.label],
        **_where(document.kind, base),
        "starts_at": base.get("starts_at") or base.get("due_at"),
        "ends_at": base.get("ends_at") or base.get("due_at"),
        "recorded_at": document.recorded_at,
        "updated_at": part.updated_at,
        "source_version": document.version,
        "base_version": part.version,
        "exercise": document.exercise,
        "doc": base,
        "search": searchable(base),
    }


def _where(kind: Kind, base: Fields) -> Row:
    place: Fields = (base.get("place") or {}) if kind is Kind.ENGAGEMENT else base
    point = place.get("point") or {}
    # Of a place told coarsely only whether its district is known.
    linked = place.get("place_id") is not None or (MARK in base and place.get("area") is not None)
    return {
        "place_id": place.get("place_id"),
        "area": place.get("area"),
        "unplaced": kind is Kind.ENGAGEMENT and not linked and not base.get("erased", False),
        "lat": point.get("lat"),
        "lon": point.get("lon"),
        "precision": place.get("precision") if point else None,
    }


def portion_rows(document: Document, ids: LabelIds) -> Iterator[Row]:
    """A row for every other group, with or without content."""
    for group in document.parts:
        if group is not Group.BASE:
            yield portion_row(document, group, ids[document.effective_label(group)], ids)


def portion_row(document: Document, group: Group, label_id: int, ids: LabelIds) -> Row:
    part = document.parts[group]
    held = part.fields or {}
    point = (held if group is not Group.PLACE else held.get("place") or {}).get("point") or {}
    return {
        "record_id": document.id,
        "grp": group,
        "label_id": label_id,
        "own_label_id": ids[part.label],
        "doc": part.fields,
        "lat": point.get("lat"),
        "lon": point.get("lon"),
        "updated_at": part.updated_at,
        "version": part.version,
        "search": searchable(part.fields),
    }


def edge_rows(document: Document, ids: LabelIds) -> list[Row]:
    """Whom each group refers to, once per kind of reference."""
    return [
        row
        for group in document.parts
        for row in edges_of_group(document, group, ids[document.effective_label(group)], ids)
    ]


def edges_of_group(document: Document, group: Group, label_id: int, ids: LabelIds) -> Iterator[Row]:
    """Which extracts were made of a record is told to all who read it, and them."""
    part, base = document.parts[group], ids[document.parts[Group.BASE].label]
    for kind, to in sorted(references(part.fields or {})):
        yield {
            "from_id": document.id,
            "to_id": to,
            "kind": kind,
            "grp": group,
            "label_id": base if kind == EXTRACT else label_id,
            "known_from": part.updated_at,
        }


def labels_of(document: Document) -> Iterator[Label]:
    """Every label its rows need an id of."""
    for group, part in document.parts.items():
        yield part.label
        yield document.label_beside_base(group)
        yield document.effective_label(group)


def document_of(
    record: Mapping[str, Any], portions: Sequence[Mapping[str, Any]], labels: Mapping[int, Label]
) -> Document:
    """The document these rows were made of; `portions` are the record's own. Any: columns."""
    base = Part(
        labels[record["label_id"]],
        orjson.loads(record["doc"]),
        record["base_version"],
        record["updated_at"],
    )
    others = {Group(row["grp"]): _part(row, labels) for row in portions}
    return Document(
        id=record["record_id"],
        kind=Kind(record["kind"]),
        owner=record["owner"],
        exercise=record["exercise"],
        recorded_at=record["recorded_at"],
        version=record["source_version"],
        parts={Group.BASE: base, **{group: others[group] for group in Group if group in others}},
    )


def _part(row: Mapping[str, Any], labels: Mapping[int, Label]) -> Part:  # Any: columns
    doc = row["doc"]
    fields = orjson.loads(doc) if doc else None
    return Part(labels[row["own_label_id"]], fields, row["version"], row["updated_at"])

"""What is kept of a record when a group of it changes: the group as it was, and until when. Pure.

Versions that were recorded at one moment were never known apart; only the last of them is kept.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.reporting.records.document import Document
from services.reporting.records.rows import (
    LabelIds,
    Row,
    edges_of_group,
    portion_row,
    record_row,
)
from services.reporting.steps import Step
from shared.contracts.event import Group

PastRows = dict[str, list[Row]]


def past_rows(steps: Sequence[Step], ids: LabelIds) -> PastRows:
    """Rows by table. A group's own label goes with it; the base's stands in the base's own row."""
    rows: PastRows = {"records_past": [], "portions_past": [], "edges_past": []}
    for before, group, until in _superseded(steps):
        label_id = ids[before.label_beside_base(group)]
        known_until = {"known_until": until}
        if group is Group.BASE:
            rows["records_past"].append(record_row(before, ids) | known_until)
        else:
            portion = portion_row(before, group, label_id, ids)
            rows["portions_past"].append(portion | known_until)
        edges = edges_of_group(before, group, label_id, ids)
        rows["edges_past"] += [edge | known_until for edge in edges]
    return rows


def _superseded(steps: Sequence[Step]) -> Iterator[tuple[Document, Group, datetime]]:
    """Groups that were otherwise before an event, since an earlier moment, and when that ended."""
    for step in steps:
        if step.before is not None:
            for group, part in step.before.parts.items():
                until = step.after.parts[group].updated_at
                if part.updated_at < until:
                    yield step.before, group, until

"""The small projection that relabelling need not wait for: new labels, ahead of the documents.

An override only ever takes away: whoever fails it does not read, whatever the documents still say.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson

from services.reporting.records.rows import Row
from shared.contracts.contacts import ContactsEvent
from shared.contracts.engagements import EngagementsEvent
from shared.contracts.event import Group, Relabelling
from shared.contracts.removals import Removed
from shared.event_types import event_types
from shared.eventstore.model import Recorded
from shared.interning import LabelBook
from shared.labels import Label, from_json, label
from shared.projection import Write

if TYPE_CHECKING:
    from shared.interning import Connection

FAMILY = "overrides"
RELABELLED = frozenset(
    name
    for name, known in {**event_types(ContactsEvent), **event_types(EngagementsEvent)}.items()
    if issubclass(known.model, Relabelling)
)
REMOVED = Removed.model_fields["type"].default
# An atom that nobody holds: until the documents say what is left of it, nobody reads what was removed.
NOBODY = label({}, [{"nobody"}])
_GENERATION = "select active from generations"
_UPSERT = """
insert into overrides as known
select * from jsonb_populate_recordset(null::overrides, $1)
    on conflict (record_id, grp) do update set label_id = excluded.label_id, version = excluded.version
 where excluded.version > known.version
"""
_REACHED = """
delete from overrides o using records r
 where r.record_id = o.record_id and o.version <= r.source_version
"""


class OverridesProjection:
    """Of one source. Needs no keys: labels are not sealed."""

    name = family = FAMILY

    def __init__(self, book: LabelBook) -> None:
        self._book = book

    async def prepare(self, connection: "Connection", events: Sequence[Recorded]) -> Write:
        relabels = [event for event in events if event.type in RELABELLED]
        named = [(event, _labels(event)) for event in relabels]
        await self._book.intern(connection, {new for _, labels in named for new in labels.values()})
        rows = {
            (event.stream_id, group): self._row(event, group, new)
            for event, labels in named
            for group, new in labels.items()
        }
        return lambda within: self._write(within, list(rows.values()))

    async def _write(self, connection: "Connection", rows: list[Row]) -> None:
        if not rows:
            return
        await connection.execute(_UPSERT, orjson.dumps(rows).decode())
        generation = await connection.fetchval(_GENERATION)
        await connection.execute(f"set local search_path = g{generation:d}, public")
        await connection.execute(_REACHED)

    def _row(self, event: Recorded, group: str, new: Label) -> Row:
        return {
            "record_id": event.stream_id,
            "grp": group,
            "label_id": self._book.ids[new],
            "version": event.version,
        }


def _labels(event: Recorded) -> dict[str, Label]:
    if event.type == REMOVED:
        return {Group.BASE: NOBODY}
    told = orjson.loads(event.data)["labels"]
    return {group: from_json(label) for group, label in told.items()}

"""The main projection: documents, portions, edges, history and feed of one source, in sets."""

import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import orjson

from services.reporting.records.document import Document
from services.reporting.records.names import name_rows
from services.reporting.records.past import past_rows
from services.reporting.records.rows import (
    Row,
    document_of,
    edge_rows,
    labels_of,
    portion_rows,
    record_row,
)
from services.reporting.removals import forget_removed
from services.reporting.sources import Source
from services.reporting.steps import (
    Step,
    change_rows,
    seen_events,
    since_removal,
    steps_of,
    version_rows,
)
from shared.eventstore.model import Recorded
from shared.interning import LabelBook
from shared.projection import StopProjectionError, Write
from shared.sealing import Opened

if TYPE_CHECKING:
    from shared.interning import Connection

FAMILY = "records"

_ACTIVE = "select active from generations for share"
_RECORDS = "select * from records where record_id = any($1::text[])"
_PORTIONS = "select * from portions where record_id = any($1::text[])"
_DELETES = (
    "delete from records where record_id = any($1::text[])",
    "delete from portions where record_id = any($1::text[])",
    "delete from edges where from_id = any($1::text[])",
    "delete from names where record_id = any($1::text[])",
)
_INSERTS = {
    "records": "insert into records select * from jsonb_populate_recordset(null::records, $1)",
    "portions": "insert into portions select * from jsonb_populate_recordset(null::portions, $1)",
    "edges": "insert into edges select * from jsonb_populate_recordset(null::edges, $1)",
    "names": "insert into names select * from jsonb_populate_recordset(null::names, $1)",
    "versions": "insert into versions select * from jsonb_populate_recordset(null::versions, $1)",
    **{
        table: f"insert into {table} select * from jsonb_populate_recordset(null::{table}, $1)"  # noqa: S608 - ours
        for table in ("records_past", "portions_past", "edges_past")
    },
}
_CHANGES = """
insert into changes (source, epoch, position, ordinal, record_id, kind, grp, label_id,
                     previous_label_id, version, recorded_at)
select source, epoch, position, ordinal, record_id, kind, grp, label_id,
       previous_label_id, version, recorded_at
  from jsonb_populate_recordset(null::changes, $1)
"""
_REACHED = """
delete from overrides o using records r
 where o.record_id = any($1::text[]) and r.record_id = o.record_id and o.version <= r.source_version
"""
_log = logging.getLogger(__name__)


class GenerationChangedError(StopProjectionError):
    """Another generation is served now."""


class RecordsProjection:
    """Into generation `generation`. `live`: the one that is served, and which alone writes the feed."""

    def __init__(
        self,
        generation: int,
        source: Source,
        book: LabelBook,
        *,
        live: bool,
    ) -> None:
        self._generation = generation
        self._source = source.service
        self._vault = source.vault
        self._types = source.types
        self._coarse = source.coarse
        self._book = book
        self._live = live
        self.ignored = 0
        self.ignored_fields = 0

    @property
    def family(self) -> str:
        return FAMILY

    @property
    def name(self) -> str:
        return projection_name(self._generation)

    async def prepare(self, connection: "Connection", events: Sequence[Recorded]) -> Write:
        opened = await self._vault.open_all(events)
        seen = seen_events(opened, self._types, self._source)
        self._count_ignored(len(events) - len(seen), self._unknown_fields(opened))
        await connection.execute(f"set search_path = g{self._generation:d}, public")
        begun = {str(one.meta.record) for one in seen if one.version == 1}
        touched = {str(one.meta.record) for one in seen} - begun
        documents = await load(connection, touched, self._book)
        steps = steps_of(documents, seen, self._coarse)
        named = {label for step in steps for label in labels_of(step.after)}
        await self._book.intern(connection, named)
        return lambda within: self._write(within, steps)

    async def _write(self, connection: "Connection", steps: Sequence[Step]) -> None:
        if self._live and await connection.fetchval(_ACTIVE) != self._generation:
            raise GenerationChangedError
        ids = self._book.ids
        documents = {step.after.id: step.after for step in steps}
        touched = list(documents)
        for delete in _DELETES:
            await connection.execute(delete, touched)
        await forget_removed(connection, steps)
        rows: dict[str, Iterable[Row]] = {
            "records": (record_row(one, ids) for one in documents.values()),
            "portions": (row for one in documents.values() for row in portion_rows(one, ids)),
            "edges": (row for one in documents.values() for row in edge_rows(one, ids)),
            "names": (row for one in documents.values() for row in name_rows(one, ids)),
            "versions": version_rows(since_removal(steps, itself=True), ids),
            **past_rows(since_removal(steps, itself=False), ids),
        }
        for table, insert in _INSERTS.items():
            await connection.execute(insert, spelled(rows[table]))
        if self._live:
            await connection.execute(_CHANGES, spelled(change_rows(steps, ids)))
            await connection.execute(_REACHED, touched)

    def _unknown_fields(self, opened: Sequence[Opened]) -> int:
        return sum(
            len(one.fields.keys() - self._types[one.recorded.type].model.model_fields.keys())
            for one in opened
            if one.recorded.type in self._types
        )

    def _count_ignored(self, events: int, fields: int) -> None:
        self.ignored += events
        self.ignored_fields += fields
        told = {"projection": self.name, "source": self._source}
        if events:
            _log.info(
                "events of a type unknown here were passed over",
                extra=told | {"count": self.ignored},
            )
        if fields:
            _log.info(
                "fields unknown here were passed over", extra=told | {"count": self.ignored_fields}
            )


def projection_name(generation: int) -> str:
    return f"{FAMILY}-g{generation}"


async def load(
    connection: "Connection", ids: Iterable[str], book: LabelBook
) -> dict[str, Document]:
    """Documents by id. Two queries, or none."""
    wanted = list(ids)
    if not wanted:
        return {}
    await book.refresh(connection)
    portions: dict[str, list[Row]] = {}
    for row in await connection.fetch(_PORTIONS, wanted):
        portions.setdefault(row["record_id"], []).append(dict(row))
    records = await connection.fetch(_RECORDS, wanted)
    return {
        row["record_id"]: document_of(dict(row), portions.get(row["record_id"], []), book.labels)
        for row in records
    }


def spelled(rows: Iterable[Row]) -> str:
    """Rows as one JSON array."""
    return orjson.dumps(list(rows)).decode()

"""The main projection: documents, portions, edges, history and feed of one source, in sets."""

import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from services.reporting.records.document import Document
from services.reporting.records.rows import Row, document_of, labels_of
from services.reporting.sources import Source
from services.reporting.steps import Step, seen_events, steps_of
from services.reporting.writing import remove_rows, write_steps
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
        return lambda within: self._write(within, list(documents), steps)

    async def _write(
        self, connection: "Connection", known: Sequence[str], steps: Sequence[Step]
    ) -> None:
        """`known`: records that have rows already; of a record that begins here there can be none."""
        if self._live and await connection.fetchval(_ACTIVE) != self._generation:
            raise GenerationChangedError
        await remove_rows(connection, known)
        await write_steps(connection, steps, self._book.ids, live=self._live)
        if self._live:
            touched = list({step.after.id for step in steps})
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

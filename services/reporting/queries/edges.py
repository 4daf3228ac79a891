"""Who refers to whom: only edges whose two ends the reader reads now."""

from typing import TYPE_CHECKING

from services.reporting.queries.predicate import Query
from services.reporting.reading import Snapshot

if TYPE_CHECKING:
    import asyncpg

EDGES_LIMIT = 1_000


async def edges_of(snapshot: Snapshot, record_id: str) -> "list[asyncpg.Record]":
    """Edges from and to the record, newest neighbours first. One query."""
    query = Query(snapshot)
    place = query.bind(record_id)
    return await snapshot.connection.fetch(
        "select e.from_id, e.to_id, e.kind, e.grp from edges e"  # noqa: S608 - all values are bound
        " join records r on r.record_id = e.from_id join records t on t.record_id = e.to_id"
        f" where (e.from_id = {place} or e.to_id = {place}) and {query.of_group('e')}"
        f" and {query.record('r')} and {query.record('t')}"
        f" order by r.recorded_at desc, e.from_id, e.kind, e.to_id limit {EDGES_LIMIT}",
        *query.values,
    )

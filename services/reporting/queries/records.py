"""Records as lists: one page, how many there are, and the other groups of those on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.reporting.filters import Cursor, Filters, Page
from services.reporting.queries.conditions import conditions, points
from services.reporting.queries.names import nearest
from services.reporting.queries.predicate import Query
from services.reporting.queries.tallies import is_tallied, tallied
from services.reporting.reading import Snapshot

if TYPE_CHECKING:
    import asyncpg

COUNT_LIMIT = 10_000
COLUMNS = (
    "r.record_id, r.kind, r.status, r.owner, r.label_id, r.recorded_at, r.updated_at, r.source_version,"
    " r.base_version, r.exercise, r.doc"
)
# What is sorted by, and the type its spelling in a cursor is read back as.
KEYS = {
    "starts_at": ("coalesce(r.starts_at, '-infinity')", "timestamptz"),
    "recorded_at": ("r.recorded_at", "timestamptz"),
    "updated_at": ("r.updated_at", "timestamptz"),
    "title": ("r.title_key", "text"),
    # The nearest name first; among records that match as well, the latest.
    "relevance": (
        "coalesce(near.score, 0)::float8 + extract(epoch from r.updated_at)::float8 / 1e13",
        "float8",
    ),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows of one page in order, and where the next begins."""

    rows: "Sequence[asyncpg.Record]"
    next: Cursor | None


async def list_records(snapshot: Snapshot, filters: Filters, page: Page) -> Listed:
    """At most `page.size` records that the reader reads and `filters` let through. One query."""
    query = Query(snapshot)
    key, type_ = KEYS[page.sort]
    where = conditions(query, filters)
    order = "desc" if page.descending else "asc"
    if page.after is not None:
        sign = "<" if page.descending else ">"
        value, record_id = query.bind(page.after.value), query.bind(page.after.id)
        where += f" and ({key}, r.record_id) {sign} ({value}::text::{type_}, {record_id})"
    joined = points(query) if filters.bbox else ""
    if page.sort == "relevance":
        joined += " " + nearest(query, filters.q or "")
    limit = query.bind(page.size + 1)
    rows = await snapshot.connection.fetch(
        f"select {COLUMNS}, {query.now('r.label_id')} as label_now, ({key})::text as sort_key"  # noqa: S608 - bound
        f" from records r {joined} where {where} order by {key} {order}, r.record_id {order} limit {limit}",
        *query.values,
    )
    return _page(rows, page.size)


async def count_records(snapshot: Snapshot, filters: Filters) -> int:
    """How many records `filters` let through, up to COUNT_LIMIT. One query."""
    if is_tallied(snapshot, filters):
        return min(await tallied(snapshot, filters.kind), COUNT_LIMIT)
    query = Query(snapshot)
    where = conditions(query, filters)
    joined = points(query) if filters.bbox else ""
    found = await snapshot.connection.fetchval(
        f"select count(*) from (select from records r {joined}"  # noqa: S608 - all values are bound
        f" where {where} limit {query.bind(COUNT_LIMIT)}) as counted",
        *query.values,
    )
    return int(found)


async def find_record(snapshot: Snapshot, record_id: str) -> "asyncpg.Record | None":
    """One record's base group, if the reader reads it."""
    rows = (await list_records(snapshot, Filters(ids=(record_id,)), Page(size=1))).rows
    return rows[0] if rows else None


async def portions_of(snapshot: Snapshot, record_ids: Sequence[str]) -> "list[asyncpg.Record]":
    """The other groups that the reader reads of these records. One query."""
    query = Query(snapshot)
    ids = query.bind(list(record_ids))
    return await snapshot.connection.fetch(
        "select p.record_id, p.grp, p.own_label_id, p.doc, p.updated_at, p.version,"  # noqa: S608
        f" {query.now('p.own_label_id')} as own_label_now"
        " from portions p join records r using (record_id)"
        f" where p.record_id = any({ids}::text[]) and {query.record('r')} and {query.portion('p', 'r')}"
        " order by p.record_id, p.grp",
        *query.values,
    )


def _page(rows: "Sequence[asyncpg.Record]", size: int) -> Listed:
    if len(rows) <= size:
        return Listed(rows, None)
    last = rows[size - 1]
    return Listed(rows[:size], Cursor(last["sort_key"], last["record_id"]))

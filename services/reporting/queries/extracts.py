"""Extracts: which were made of a record, and what it is itself an extract of, as far as both are read."""

from typing import TYPE_CHECKING

from services.reporting.queries.predicate import Query
from services.reporting.reading import Snapshot
from services.reporting.records.references import EXTRACT
from shared.contracts.event import Group

if TYPE_CHECKING:
    import asyncpg

EXTRACTS_LIMIT = 1_000
# Which version of the source an extract was made of, or was checked against last.
_AT = (
    "(select (one->>'at')::integer from jsonb_array_elements(h.doc->'extracts') as one"
    " where one->>'id' = e.to_id limit 1)"
)


async def extracts_of(snapshot: Snapshot, record_id: str) -> "list[asyncpg.Record]":
    """Pairs of source and extract, the latest extract first. One query.

    `changed` is told to who reads how the source is handled; null to others.
    """
    query = Query(snapshot)
    place = query.bind(record_id)
    return await snapshot.connection.fetch(
        f"select e.from_id, e.to_id, {_changed(query)} as changed"  # noqa: S608 - all values are bound
        " from edges e join records s on s.record_id = e.from_id join records x on x.record_id = e.to_id"
        f" left join portions h on h.record_id = s.record_id and h.grp = '{Group.HANDLING}'"
        f" and {query.portion('h', 's')}"
        f" where e.kind = '{EXTRACT}' and (e.from_id = {place} or e.to_id = {place})"
        f" and {query.of_group('e')} and {query.record('s')} and {query.record('x')}"
        f" order by x.recorded_at desc, e.to_id limit {EXTRACTS_LIMIT}",
        *query.values,
    )


def source_changed(query: Query) -> str:
    """That `r` is an extract whose source has changed since, as far as the reader may know of both."""
    return (
        "r.record_id in (select e.to_id from edges e join records s on s.record_id = e.from_id"  # noqa: S608 - no values
        f" join portions h on h.record_id = s.record_id and h.grp = '{Group.HANDLING}'"
        f" where e.kind = '{EXTRACT}' and {query.of_group('e')} and {query.record('s')}"
        f" and {query.portion('h', 's')} and {_changed(query)})"
    )


def _changed(query: Query) -> str:
    """Whether what the reader reads of `s` is newer than what the extract was made of, or checked against."""
    return (
        f"(s.base_version > {_AT} or exists (select from portions p where p.record_id = s.record_id"
        f" and p.grp <> '{Group.HANDLING}' and p.version > {_AT} and {query.portion('p', 's')}))"
    )


def unless_source_is_read(query: Query) -> str:
    """That `r` is no extract of a record the reader reads: lists and figures tell him of that one alone.

    Asked first is whether there is any at all, so that a mission without extracts pays nothing for each row.
    """
    return (
        f"(not exists (select from edges known where known.kind = '{EXTRACT}')"  # noqa: S608 - no values
        " or not exists (select from edges made join records s on s.record_id = made.from_id"
        f" where made.to_id = r.record_id and made.kind = '{EXTRACT}'"
        f" and {query.of_group('made')} and {query.record('s')}))"
    )

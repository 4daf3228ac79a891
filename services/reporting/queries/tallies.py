"""How many records of some kinds a reader reads, from what is tallied by kind and label."""

from collections.abc import Sequence

from services.reporting.filters import Filters
from services.reporting.queries.extracts import unless_source_is_read
from services.reporting.queries.predicate import Query
from services.reporting.reading import Snapshot
from services.reporting.records.references import EXTRACT


def is_tallied(snapshot: Snapshot, filters: Filters) -> bool:
    """Whether nothing but kinds is asked for, and of now: of the past nothing is tallied."""
    return snapshot.as_of is None and filters == Filters(kind=filters.kind)


async def tallied(snapshot: Snapshot, kinds: Sequence[str]) -> int:
    """All records of these kinds, of all when none is named. One query, two where some rows are kept apart.

    Tallies go by the label of the row alone. What else keeps a row from lists is rare: a new label that the
    reader fails, or being an extract. To plan for it takes longer than to add up.
    """
    query = Query(snapshot)
    row = await snapshot.connection.fetchrow(
        "select coalesce(sum(t.records), 0)::bigint as records,"  # noqa: S608 - all values are bound
        f" exists (select from overrides o where not {query.label('o.label_id')})"
        f" or exists (select from edges e where e.kind = '{EXTRACT}') as some_apart"
        f" from tallies t where {query.label('t.label_id')}{_of_kinds(query, 't', kinds)}",
        *query.values,
    )
    if row is None:
        raise LookupError("a sum without groups gives a row")
    return int(row["records"]) - (await _kept_apart(snapshot, kinds) if row["some_apart"] else 0)


async def _kept_apart(snapshot: Snapshot, kinds: Sequence[str]) -> int:
    """Records whose label the reader reads, and which lists keep from him."""
    query = Query(snapshot)
    found = await snapshot.connection.fetchval(
        "select count(*) from records r where r.record_id in ("  # noqa: S608 - all values are bound
        f"select o.record_id from overrides o where not {query.label('o.label_id')}"
        f" union all select e.to_id from edges e where e.kind = '{EXTRACT}')"
        f" and {query.label('r.label_id')}{_of_kinds(query, 'r', kinds)}"
        f" and not ({query.record('r')} and {unless_source_is_read(query)})",
        *query.values,
    )
    return int(found)


def _of_kinds(query: Query, alias: str, kinds: Sequence[str]) -> str:
    return f" and {alias}.kind = any({query.bind(list(kinds))}::text[])" if kinds else ""

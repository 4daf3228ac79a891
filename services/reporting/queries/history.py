"""A record's history: past versions of the groups its reader reads now, as far as he read them then."""

from typing import TYPE_CHECKING

from services.reporting.queries.predicate import Query
from services.reporting.reading import Snapshot

if TYPE_CHECKING:
    import asyncpg

HISTORY_LIMIT = 1_000


async def history_of(snapshot: Snapshot, record_id: str) -> "list[asyncpg.Record]":
    """Oldest first. One query."""
    query = Query(snapshot)
    place = query.bind(record_id)
    return await snapshot.connection.fetch(
        "select v.grp, v.event_type, v.recorded_at, v.by_org, v.label_id, v.after"  # noqa: S608 - bound
        " from versions v join records r using (record_id)"
        " left join portions p on p.record_id = v.record_id and p.grp = v.grp"
        f" and {query.portion('p', 'r')}"
        f" where v.record_id = {place} and {query.record('r')} and {query.of_group('v')}"
        " and (v.grp = 'base' or p.record_id is not null)"
        f" order by v.version, v.grp limit {HISTORY_LIMIT}",
        *query.values,
    )

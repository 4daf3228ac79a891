"""Who might attend a meeting, and who else is meeting the same people. Only what the reader reads counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.reporting.filters import Filters
from services.reporting.queries.conditions import conditions
from services.reporting.queries.extracts import unless_source_is_read
from services.reporting.queries.predicate import Query
from services.reporting.reading import Snapshot
from shared.ids import Kind, RecordId

if TYPE_CHECKING:
    import asyncpg

RECENT_DAYS = 365
OVERLAPS_LIMIT = 20
TO_COME = ("proposed", "planned", "approved", "confirmed")
# How a record of a meeting says who was there.
ATTENDING = "e.kind in ('participant', 'linked')"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is known of a meeting. Empty: nothing."""

    place_id: str = ""
    series: str = ""
    party: RecordId | None = None


async def suggested(
    snapshot: Snapshot, occasion: Occasion, now: datetime, limit: int
) -> "list[asyncpg.Record]":
    """Organisations and people met of late: of the same series first, then at the same place. One query."""
    query = Query(snapshot)
    since = now - timedelta(days=RECENT_DAYS)
    met = Filters(kind=(Kind.ENGAGEMENT.value,), since=since, party=occasion.party)
    where = conditions(query, met)
    series, place = query.bind(occasion.series), query.bind(occasion.place_id)
    ours = query.bind(str(snapshot.principal.us))
    return await snapshot.connection.fetch(
        f"select e.to_id, bool_or(r.doc->>'series' = {series}) is true as same_series,"  # noqa: S608 - bound
        f" bool_or(r.place_id = {place}) is true as same_place"
        " from records r join edges e on e.from_id = r.record_id"
        " join records t on t.record_id = e.to_id"
        f" where {where} and {ATTENDING} and {query.label('e.label_id')} and {query.record('t')}"
        f" and t.status = 'active' and e.to_id <> {ours}"
        " group by e.to_id order by same_series desc, same_place desc, max(r.starts_at) desc, e.to_id"
        f" limit {query.bind(limit)}",
        *query.values,
    )


@dataclass(frozen=True, slots=True)
class Meeting:
    """A plan to meet these people. `besides`: the record of the plan itself. Times are UTC."""

    parties: Sequence[str]
    starts_at: datetime
    ends_at: datetime
    besides: str = ""


async def overlapping(
    snapshot: Snapshot, meeting: Meeting, window: timedelta
) -> "list[asyncpg.Record]":
    """Ids of other organisations' plans to meet any of the same within the window, and whom. One query."""
    query = Query(snapshot)
    parties, besides = query.bind(list(meeting.parties)), query.bind(meeting.besides)
    first, last = query.bind(meeting.starts_at - window), query.bind(meeting.ends_at + window)
    ours, to_come = query.bind(str(snapshot.principal.us)), query.bind(list(TO_COME))
    return await snapshot.connection.fetch(
        "select r.record_id, array_agg(distinct e.to_id order by e.to_id) as parties"  # noqa: S608 - bound
        " from records r join edges e on e.from_id = r.record_id"
        " join records t on t.record_id = e.to_id"
        f" where r.kind = 'engagement' and r.status = any({to_come}::text[]) and r.owner <> {ours}"
        f" and r.record_id <> {besides} and r.starts_at <= {last} and r.ends_at >= {first}"
        f" and e.to_id = any({parties}::text[]) and {ATTENDING}"
        f" and {query.record('r')} and {query.label('e.label_id')} and {query.record('t')}"
        f" and {unless_source_is_read(query)}"
        f" group by r.record_id, r.starts_at order by r.starts_at, r.record_id limit {OVERLAPS_LIMIT}",
        *query.values,
    )

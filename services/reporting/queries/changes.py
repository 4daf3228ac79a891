"""The feed: changes of what this reader reads now, and word of what was taken from him."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.reporting.projecting import projection_name
from services.reporting.queries.predicate import Query
from services.reporting.reading import Snapshot
from shared.projection import Checkpoint

if TYPE_CHECKING:
    import asyncpg

Vector = Mapping[str, Checkpoint]

_HEADS = "select source, epoch, position from checkpoints where projection = $1"
_FLOORS = "select source, position from change_floors"


@dataclass(frozen=True, slots=True)
class Told:
    """Changes of one source in order, and how far the reader now is in it."""

    rows: "list[asyncpg.Record]"
    reached: Checkpoint


async def heads(snapshot: Snapshot) -> dict[str, Checkpoint]:
    """How far the feed reaches, per source."""
    rows = await snapshot.connection.fetch(_HEADS, projection_name(snapshot.generation))
    return {row["source"]: Checkpoint(row["epoch"], row["position"]) for row in rows}


async def floors(snapshot: Snapshot) -> dict[str, int]:
    """Up to which position the log has been cut, per source; a source that is not there was never cut."""
    rows = await snapshot.connection.fetch(_FLOORS)
    return {row["source"]: row["position"] for row in rows}


async def changes_after(
    snapshot: Snapshot, source: str, after: Checkpoint, head: Checkpoint, limit: int
) -> Told:
    """Changes of `source` after `after`, at most about `limit`, never part of one event's. One query.

    `upsert` where the reader reads the group now; `revoked` where he does not but could have read it
    before the change.
    """
    query = Query(snapshot)
    place, position = query.bind(source), query.bind(after.position)
    rows = await snapshot.connection.fetch(
        "select c.epoch, c.position, c.ordinal, c.record_id, c.kind, c.grp, c.version,"  # noqa: S608
        " coalesce(now.readable, false) as readable"
        " from changes c left join lateral ("
        f"select true as readable from records r where r.record_id = c.record_id and {query.record('r')}"
        " and (c.grp = 'base' or exists (select from portions p where p.record_id = c.record_id"
        f" and p.grp = c.grp and {query.portion('p', 'r')}))) as now on true"
        f" where c.source = {place} and c.position > {position} and c.position <= {query.bind(head.position)}"
        f" and case when now.readable then {query.of_group('c')}"
        f" else c.previous_label_id is not null and {query.of_group('c', 'previous_label_id')} end"
        f" order by c.position, c.ordinal limit {query.bind(limit + 1)}",
        *query.values,
    )
    return _whole_events(rows, head, limit)


def _whole_events(rows: "list[asyncpg.Record]", head: Checkpoint, limit: int) -> Told:
    if len(rows) <= limit:
        return Told(rows, head)
    whole = [row for row in rows if row["position"] < rows[-1]["position"]]
    return Told(whole, Checkpoint(head.epoch, whole[-1]["position"]))

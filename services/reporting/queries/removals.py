"""How far removals have come."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from services.reporting.queries.predicate import Query
from services.reporting.reading import Snapshot
from services.reporting.views import View, spell

if TYPE_CHECKING:
    import asyncpg

STEPS = ("approved_at", "destroyed_at", "refolded_at", "done_at")
_REMOVAL = """
select ground, approved_at, destroyed_at, refolded_at, done_at from removals where record_id = $1
"""


async def removal_of(snapshot: Snapshot, record_id: str) -> View | None:
    """Nothing where nobody approved one. Ask only for a record that its reader has been shown."""
    row = await snapshot.connection.fetchrow(_REMOVAL, record_id)
    return _told(row) if row else None


async def removals_of(snapshot: Snapshot, ids: Sequence[str]) -> Iterator[View]:
    """Those of these records that the reader reads, each with the id of its record. One query."""
    query = Query(snapshot)
    rows = await snapshot.connection.fetch(
        "select m.record_id, m.ground, m.approved_at, m.destroyed_at, m.refolded_at, m.done_at"  # noqa: S608 - bound
        f" from removals m join records r using (record_id) where {query.record('r')}"
        f" and m.record_id = any({query.bind(list(ids))}::text[]) order by m.record_id",
        *query.values,
    )
    return ({"record_id": row["record_id"], **_told(row)} for row in rows)


def _told(row: "asyncpg.Record") -> View:
    """The steps with their times (UTC), and the last that was reached: done only when nothing is left."""
    reached = [step for step in STEPS if row[step] is not None]
    times = {step: spell(row[step]) if row[step] else None for step in STEPS}
    return {"ground": row["ground"], "state": reached[-1].removesuffix("_at"), **times}

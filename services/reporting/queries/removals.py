"""How far a removal has come. Ask only for a record that its reader has been shown."""

from services.reporting.reading import Snapshot
from services.reporting.views import View, spell

STEPS = ("approved_at", "destroyed_at", "refolded_at", "done_at")
_REMOVAL = """
select ground, approved_at, destroyed_at, refolded_at, done_at from removals where record_id = $1
"""


async def removal_of(snapshot: Snapshot, record_id: str) -> View | None:
    """The steps with their times (UTC), and the last that was reached: done only when nothing is left."""
    row = await snapshot.connection.fetchrow(_REMOVAL, record_id)
    if row is None:
        return None
    reached = [step for step in STEPS if row[step] is not None]
    times = {step: spell(row[step]) if row[step] else None for step in STEPS}
    return {"ground": row["ground"], "state": reached[-1].removesuffix("_at"), **times}

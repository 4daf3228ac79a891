"""Removals in the read model: history gone at once, and what is still to be done remembered."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.reporting.steps import Step

if TYPE_CHECKING:
    from shared.interning import Connection

# History and the past of a record; names, words, edges and portions are written anew anyway.
_FORGET = (
    "delete from versions where record_id = any($1::text[])",
    "delete from records_past where record_id = any($1::text[])",
    "delete from portions_past where record_id = any($1::text[])",
    "delete from edges_past where from_id = any($1::text[])",
)
_REMEMBER = """
insert into removals (record_id, source, position, ground, subjects, approved_at)
values ($1, $2, $3, $4, $5, $6) on conflict do nothing
"""


async def forget_removed(connection: "Connection", steps: Sequence[Step]) -> None:
    """Within the transaction that writes `steps`, before their rows are inserted."""
    removals = [(step, removed) for step in steps if (removed := step.removed)]
    ids = [step.after.id for step, _ in removals]
    for statement in _FORGET if ids else ():
        await connection.execute(statement, ids)
    for step, removed in removals:
        await connection.execute(
            _REMEMBER,
            step.after.id,
            step.seen.source,
            step.seen.position,
            removed.ground.value,
            [str(one) for one in removed.subjects],
            step.seen.recorded_at,
        )

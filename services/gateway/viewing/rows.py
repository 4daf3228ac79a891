"""The row of one viewing, from the state of its record."""

from services.gateway.viewing.viewing import Viewing
from shared.database import Pooled
from shared.record_state import RecordState

_PUT = """insert into viewings (record_id, version, account_id, organisation_id, audience, began_at,
        until, left_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (record_id) do update set version = excluded.version, left_at = excluded.left_at
    where viewings.version < excluded.version"""


async def put_viewing(connection: Pooled, record: RecordState[Viewing]) -> None:
    began, left = record.state.began, record.state.left
    if began is None:
        return
    await connection.execute(
        _PUT,
        str(record.id),
        record.version,
        began.account_id,
        str(began.organisation_id),
        began.audience,
        began.began_at,
        began.until,
        left.left_at if left else None,
    )

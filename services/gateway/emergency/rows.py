"""The row of one emergency access, from the state of its record."""

from services.gateway.emergency.glass import Glass
from shared.database import Pooled
from shared.record_state import RecordState

_PUT = """insert into emergency_access (record_id, version, account_id, organisation_id, caveats,
        reason, opened_at, until, closed_at, closed_by, finding, reviewed_at, reviewed_by, note)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    on conflict (record_id) do update set version = excluded.version,
        closed_at = excluded.closed_at, closed_by = excluded.closed_by,
        finding = excluded.finding, reviewed_at = excluded.reviewed_at,
        reviewed_by = excluded.reviewed_by, note = excluded.note
    where emergency_access.version < excluded.version"""


async def put_glass(connection: Pooled, record: RecordState[Glass]) -> None:
    broken, closed, reviewed = record.state.broken, record.state.closed, record.state.reviewed
    if broken is None:
        return
    await connection.execute(
        _PUT,
        str(record.id),
        record.version,
        broken.account_id,
        str(broken.organisation_id),
        list(broken.caveats),
        broken.reason.text,
        broken.opened_at,
        broken.until,
        closed.closed_at if closed else None,
        closed.by if closed else None,
        reviewed.finding.value if reviewed else None,
        reviewed.reviewed_at if reviewed else None,
        reviewed.by if reviewed else None,
        reviewed.note.text if reviewed else None,
    )

"""One access record as administrators read it: its row, and its history."""

from datetime import datetime
from typing import Any

import orjson

from services.gateway.access.desk import AccessDesk
from services.gateway.access_api.families import Family
from shared.database import asking
from shared.event_meta import read_meta
from shared.ids import RecordId

# Everything a row holds, but which credential is the password.
_ROW = "select to_jsonb(t) - 'password_id' as told from {table} t where {where}"
Json = dict[str, Any]  # Any: JSON
HIDDEN = frozenset({"labels", "type", "reason"})


async def one(desk: AccessDesk, family: Family, record_id: RecordId) -> Json | None:
    query = _ROW.format(table=family.table, where="t.record_id = $1")  # constants
    async with asking(desk.pool) as connection:
        told = await connection.fetchval(query, str(record_id))
    return shown(told) if told else None


async def history(desk: AccessDesk, record_id: RecordId) -> list[Json]:
    """Who did what, when and why; the latest first."""
    recorded = await desk.kit.store.load(str(record_id))
    opened = await desk.kit.vault.open_all(recorded)
    return [
        {
            "type": each.recorded.type,
            "at": _spelled(each.recorded.recorded_at),
            "by": read_meta(each.recorded.meta).by,
            "reason": (each.fields.get("reason") or {}).get("text"),
            "fields": {k: v for k, v in each.fields.items() if k not in HIDDEN},
        }
        for each in reversed(opened)
    ]


def shown(told: str) -> Json:
    row: Json = orjson.loads(told)
    return {"id": row.pop("record_id"), **row}


def _spelled(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")

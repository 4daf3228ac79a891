"""Other services' records in this service's own database, and how far their stream was followed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg
import orjson

from services.engagements.references import Gazetted, Known, known_after
from shared.database import STATEMENT_SECONDS
from shared.decider import Reference
from shared.deciding import Pool
from shared.eventstore.model import Recorded
from shared.ids import RecordId
from shared.labels import from_json

SOURCE = "contacts"
NAMESAKES_LIMIT = 100

_COLUMNS = "id, owner, status, label, name, level, area, lat, lon, precision"
_FIND = "select id, status, label from reference_records where id = any($1::text[])"
_LOAD = f"""
select {_COLUMNS}, coalesce((select array_agg(folded) from reference_names where place_id = id),
                            '{{}}') as names
  from reference_records where id = any($1::text[])
"""  # noqa: S608 - the columns are a constant
_NAMED = f"""
select {_COLUMNS}, '{{}}'::text[] as names
  from reference_names join reference_records on id = place_id
 where folded = $1 and status = 'active'
   and exists (select from unnest($2::text[]) as prefix where starts_with(area, prefix))
 order by area, id
 limit {NAMESAKES_LIMIT}
"""  # noqa: S608 - the columns are a constant
_CHECKPOINT = "select epoch, position from reference_checkpoints where source = $1"
_MOVE = """
update reference_checkpoints set epoch = $4, position = $3 where source = $1 and position = $2
"""
_PUT_RECORDS = """
insert into reference_records (id, kind, owner, status, label, name, level, area, lat, lon, precision)
select id, kind, owner, status, label, name, level, area, lat, lon, precision
  from jsonb_to_recordset($1::jsonb) as given(
    id text, kind text, owner text, status text, label jsonb, name text, level text, area text,
    lat double precision, lon double precision, precision text)
    on conflict (id) do update
   set status = excluded.status, label = excluded.label, name = excluded.name,
       level = excluded.level, area = excluded.area, lat = excluded.lat, lon = excluded.lon,
       precision = excluded.precision
"""
_START_OVER = (
    "delete from reference_names",
    "delete from reference_records",
    f"update reference_checkpoints set epoch = 0, position = 0 where source = '{SOURCE}'",  # noqa: S608 - ours
)
_DROP_NAMES = "delete from reference_names where place_id = any($1::text[])"
_PUT_NAMES = """
insert into reference_names (folded, place_id) select * from unnest($1::text[], $2::text[])
"""


class OvertakenError(Exception):
    """Another process of this service has taken these events already."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    epoch: int
    position: int


class ReferenceStore:
    """The reference book of this service, and the way new entries get into it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, ids: frozenset[RecordId]) -> Mapping[RecordId, Reference]:
        """Those of `ids` that are known here, whoever may read them. One query."""
        spelled = [str(one) for one in ids]
        rows = await self._pool.fetch(_FIND, spelled, timeout=STATEMENT_SECONDS)
        found = [
            Reference(
                RecordId.parse(row["id"]), from_json(orjson.loads(row["label"])), row["status"]
            )
            for row in rows
        ]
        return {one.id: one for one in found}

    async def place(self, record_id: RecordId) -> Known | None:
        rows = await self._pool.fetch(_LOAD, [str(record_id)], timeout=STATEMENT_SECONDS)
        return _known(rows[0]) if rows else None

    async def places_named(self, name: str, areas: Sequence[str]) -> list[Known]:
        """Places in use that go by the folded `name`, inside these p-code prefixes, by area."""
        rows = await self._pool.fetch(_NAMED, name, list(areas), timeout=STATEMENT_SECONDS)
        return [_known(row) for row in rows]

    async def checkpoint(self) -> Checkpoint:
        row = await self._pool.fetchrow(_CHECKPOINT, SOURCE, timeout=STATEMENT_SECONDS)
        return Checkpoint(row["epoch"], row["position"]) if row else Checkpoint(0, 0)

    async def start_over(self) -> None:
        """Contacts has another history: forget everything; it is read again from the beginning."""
        async with self._pool.acquire() as connection, connection.transaction():
            for forget in _START_OVER:
                await connection.execute(forget)

    async def take(self, after: int, events: Sequence[Recorded]) -> None:
        """All of `events`, which follow position `after`, and the checkpoint, in one transaction.

        Raises OvertakenError.
        """
        last = events[-1]
        touched = list({event.stream_id for event in events})
        async with self._pool.acquire() as connection, connection.transaction():
            moved = await connection.execute(_MOVE, SOURCE, after, last.position, last.epoch)
            if moved != "UPDATE 1":
                raise OvertakenError
            rows = await connection.fetch(_LOAD, touched)
            changed = _folded_in({row["id"]: _known(row) for row in rows}, events)
            await _put(connection, changed)


def _folded_in(known: dict[str, Known], events: Sequence[Recorded]) -> list[Known]:
    for event in events:
        changed = known_after(known.get(event.stream_id), event)
        if changed is not None:
            known[event.stream_id] = changed
    return list(known.values())


async def _put(
    connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", records: Sequence[Known]
) -> None:
    rows = orjson.dumps([_row(one) for one in records]).decode()
    await connection.execute(_PUT_RECORDS, rows)
    named = [(name, str(one.id)) for one in records if one.place for name in one.place.names]
    await connection.execute(_DROP_NAMES, [str(one.id) for one in records])
    await connection.execute(_PUT_NAMES, [name for name, _ in named], [id_ for _, id_ in named])


def _row(known: Known) -> dict[str, object]:
    row: dict[str, object] = {
        "id": str(known.id),
        "kind": known.id.kind,
        "owner": str(known.owner),
        "status": known.status,
        "label": dict(known.label),
    }
    place = known.place
    if place is not None:
        names = ("name", "level", "area", "lat", "lon", "precision")
        row |= {name: getattr(place, name) for name in names}
    return row


def _known(row: asyncpg.Record) -> Known:
    place = None
    if row["name"] is not None:
        place = Gazetted(
            name=row["name"],
            names=frozenset(row["names"]),
            level=row["level"],
            area=row["area"],
            lat=row["lat"],
            lon=row["lon"],
            precision=row["precision"],
        )
    return Known(
        id=RecordId.parse(row["id"]),
        owner=RecordId.parse(row["owner"]),
        status=row["status"],
        label=orjson.loads(row["label"]),
        place=place,
    )

"""Records on the map, gathered by a grid that is finer the closer one looks.

Everything is computed over the points this reader reads: exact ones where he may, coarse ones else.
"""

from typing import TYPE_CHECKING

from services.reporting.filters import Filters
from services.reporting.queries.conditions import LAT, LON, conditions, points
from services.reporting.queries.predicate import Query
from services.reporting.reading import Snapshot

if TYPE_CHECKING:
    import asyncpg

CELLS_LIMIT = 5_000
# Cells across one 256-pixel tile: about 64 pixels each.
CELLS_PER_TILE = 4


def cell_degrees(zoom: float) -> float:
    """The side of a grid cell, in degrees."""
    return float(360 / (2**zoom * CELLS_PER_TILE))


async def points_on_map(
    snapshot: Snapshot, filters: Filters, zoom: float
) -> "list[asyncpg.Record]":
    """Cells with how many records are in them and where; what a cell of one record holds. One query."""
    query = Query(snapshot)
    where = conditions(query, filters)
    cell = query.bind(cell_degrees(zoom))
    return await snapshot.connection.fetch(
        f"select count(*) as count, {_mean('lat')}, {_mean('lon')}, min(lat) as south, max(lat) as north,"  # noqa: S608 - bound
        " min(lon) as west, max(lon) as east, min(record_id) as record_id, min(kind) as kind,"
        " min(status) as status, min(type) as type, min(title) as title, min(owner) as owner,"
        " json_agg(distinct jsonb_build_array(label_ids, owner)) as labels, min(precision) as precision,"
        " min(starts_at) as starts_at"
        " from (select r.record_id, r.kind, r.status, r.type, r.title, r.owner, r.starts_at,"
        f" array_remove(array[{_labels(query)}],"
        " null)::text as label_ids,"
        f" {LAT} as lat, {LON} as lon,"
        " case when x.lat is not null then 'exact' when y.lat is not null then y.doc #>> '{place,precision}'"
        " when r.lat is null then 'district' else r.precision end as precision"
        f" from records r {points(query)} where {where} and {LAT} is not null) as found"
        f" group by floor(lat / {cell}), floor(lon / {cell})"
        f" order by count(*) desc, min(record_id) limit {CELLS_LIMIT}",
        *query.values,
    )


def _labels(query: Query) -> str:
    """Ids of the labels of whatever gives the point, then and now."""
    columns = [f"{alias}.label_id" for alias in "rxyd"]
    return ", ".join([*columns, *(query.now(column) for column in columns)])


def _mean(column: str) -> str:
    """Exact: floats round by the order they are added in, which is that of rows, hidden ones among them."""
    return f"avg({column}::numeric)::float8 as {column}"

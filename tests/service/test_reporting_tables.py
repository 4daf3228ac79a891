"""What is written of the read tables, beside the tables as they are."""

from datetime import UTC, datetime, timedelta, timezone

import asyncpg
import pytest

from services.reporting.tables import TABLES, array
from shared.ids import Kind

COLUMNS = """
select table_name, array_agg(column_name::text order by ordinal_position)
  from information_schema.columns
 where table_schema in ('g1', 'public') and table_name = any($1) group by table_name
"""
MOMENT = datetime(2030, 1, 2, 3, 4, 5, 678901, tzinfo=timezone(timedelta(hours=3)))
ARRAYS: dict[str, list[list[object]]] = {
    "text[]": [
        ["plain", "", "NULL", "null", None, "مالاكال", " blank ", "a,b", "{c}", "line\nline\t"],
        ['"', "\\", '\\"', "'", '{"a": "b\\n"}', None, "x" * 1_000],
        [Kind.PLACE, None],
        [None],
        [],
    ],
    "integer[]": [[1, None, -(2**31)], [2**31 - 1], []],
    "bigint[]": [[2**63 - 1, None]],
    "double precision[]": [[0.1, None, -1e-300, 1e22, 4]],
    "real[]": [[0.5, 0.25]],
    "boolean[]": [[True, False, None]],
    "timestamptz[]": [[MOMENT, None], [datetime(2030, 1, 2, tzinfo=UTC)]],
}
# It has a default: when the row came into the log.
BY_ITSELF = {"changes": ["written_at"]}


async def test_every_column_of_the_read_tables_is_written(postgres) -> None:
    fresh = await postgres.fresh("reporting_read")
    connection = await asyncpg.connect(fresh.url("reporting_read", "owner"))
    try:
        rows = await connection.fetch(COLUMNS, list(TABLES))
    finally:
        await connection.close()
    told = {table: [*columns, *BY_ITSELF.get(table, [])] for table, columns in TABLES.items()}
    assert told == {table: columns for table, columns in rows}


def test_every_type_of_a_column_is_tried_here() -> None:
    assert {type_ for columns in TABLES.values() for type_ in columns.values()} == ARRAYS.keys()


@pytest.mark.parametrize("type_", ARRAYS)
async def test_the_database_reads_arrays_as_they_were_given(postgres, type_: str) -> None:
    fresh = await postgres.fresh("reporting_read")
    connection = await asyncpg.connect(fresh.url("reporting_read", "owner"))
    try:
        read = [
            await connection.fetchval(f"select $1::text::{type_}", array(values, type_))
            for values in ARRAYS[type_]
        ]
    finally:
        await connection.close()
    assert read == ARRAYS[type_]

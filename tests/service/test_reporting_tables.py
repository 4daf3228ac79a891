"""What is written of the read tables, beside the tables as they are."""

import asyncpg

from services.reporting.tables import TABLES

COLUMNS = """
select table_name, array_agg(column_name::text order by ordinal_position)
  from information_schema.columns
 where table_schema in ('g1', 'public') and table_name = any($1) group by table_name
"""
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

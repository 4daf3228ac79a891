"""One number for all that a generation says, so that live and rebuilt can be compared (I10).

Rows in the order of their keys; labels by what they say, not by number: two databases compare too.
"""

import asyncio
import sys
from typing import TYPE_CHECKING

import asyncpg
import orjson

from services.reporting.projecting import projection_name
from services.reporting.settings import ReportingSettings

if TYPE_CHECKING:
    from shared.interning import Connection

DIGEST_SECONDS = 600.0
CONNECT_SECONDS = 10.0
KEYS = {
    "records": "record_id",
    "portions": "record_id, grp",
    "versions": "record_id, version, grp",
    "edges": "from_id, to_id, kind, grp",
    "names": "record_id, grp, folded",
    "records_past": "record_id, updated_at",
    "portions_past": "record_id, grp, updated_at",
    "edges_past": "from_id, to_id, kind, grp, known_from",
}
LABELS = ("label_id", "own_label_id")

_DIGEST = """
select encode(sha256(coalesce(string_agg(line, ''::bytea order by {key}), '')), 'hex')
  from (select t.*, sha256(convert_to((to_jsonb(t) || jsonb_build_object({labels}))::text, 'UTF8')) as line
          from g{generation}.{table} t) as lines
"""
_ACTIVE = "select active from generations"
_CHECKPOINTS = (
    "select source, epoch, position from checkpoints where projection = $1 order by source"
)


async def digest_of(connection: "Connection", generation: int) -> dict[str, str]:
    """Per table of the generation, sha256 in hexadecimal. Reads every row."""
    await connection.execute("set timezone to 'UTC'")
    return {
        table: await connection.fetchval(_statement(table, key, generation), timeout=DIGEST_SECONDS)
        for table, key in KEYS.items()
    }


async def positions_of(connection: "Connection", generation: int) -> dict[str, list[int]]:
    """How far the generation has read each source: epoch and position."""
    rows = await connection.fetch(_CHECKPOINTS, projection_name(generation))
    return {row["source"]: [row["epoch"], row["position"]] for row in rows}


def _statement(table: str, key: str, generation: int) -> str:
    """Only our own names go into it."""
    columns = LABELS if table in ("portions", "portions_past") else LABELS[:1]
    labels = ", ".join(
        f"'{column}', (select encode(digest, 'hex') from label_ids l where l.label_id = t.{column})"  # noqa: S608
        for column in columns
    )
    return _DIGEST.format(key=key, labels=labels, generation=generation, table=table)


async def _main() -> None:
    settings = ReportingSettings()
    connection = await asyncpg.connect(settings.projector_url, timeout=CONNECT_SECONDS)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            generation = await connection.fetchval(_ACTIVE)
            told = {
                "generation": generation,
                "positions": await positions_of(connection, generation),
                "digest": await digest_of(connection, generation),
            }
    finally:
        await connection.close()
    sys.stdout.write(orjson.dumps(told).decode() + "\n")


if __name__ == "__main__":
    asyncio.run(_main())

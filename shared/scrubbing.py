"""Leaves nothing in PostgreSQL's files of rows that were deleted or overwritten: neither pages nor log.

An ordinary vacuum frees the place and leaves the bytes there, so tables are written anew. The log before is
removed by the checkpoint, and not kept for reuse: the server runs with `wal_recycle = off`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.interning import Connection

SCRUB_SECONDS = 600.0
_KEPT_FOR_REUSE = "select current_setting('wal_recycle')"


class WalRecycledError(Exception):
    """The server keeps old log segments for reuse, and what stood in them."""


async def scrub(connection: "Connection", tables: Sequence[str]) -> None:
    """`tables` are ours, never a caller's word. Raises WalRecycledError.

    Needs the right MAINTAIN on each, `pg_checkpoint`, and to switch the log (deploy/local/databases.py).
    """
    if await connection.fetchval(_KEPT_FOR_REUSE) != "off":
        raise WalRecycledError(
            "set wal_recycle = off: removed content stays in recycled log segments"
        )
    for table in tables:
        await connection.execute(f"vacuum (full) {table}", timeout=SCRUB_SECONDS)
    await connection.execute("select pg_switch_wal()", timeout=SCRUB_SECONDS)
    await connection.execute("checkpoint", timeout=SCRUB_SECONDS)

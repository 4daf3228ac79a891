"""Forgets commands whose repetition need not be answered any more: the database knows from when on."""

import asyncio
import logging

from shared.database import STATEMENT_SECONDS, Pool, is_passing

EVERY_SECONDS = 3600.0
# Deleted at a time, so that no statement is long.
PORTION = 5_000

_FORGET = "select forget_commands($1)"
_log = logging.getLogger(__name__)


class Forgetting:
    """`run` never returns; cancel it. Any number of processes may run it at once."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self) -> None:
        while True:
            try:
                await self.once()
            except Exception as wrong:  # noqa: BLE001 - unswept it harms nobody; the next hour tries again
                level = logging.INFO if is_passing(wrong) else logging.ERROR
                _log.log(level, "no command was forgotten", extra={"error": type(wrong).__name__})
            await asyncio.sleep(EVERY_SECONDS)

    async def once(self) -> int:
        """How many were forgotten."""
        forgotten = 0
        while found := await self._portion():
            forgotten += found
        return forgotten

    async def _portion(self) -> int:
        return int(await self._pool.fetchval(_FORGET, PORTION, timeout=STATEMENT_SECONDS))

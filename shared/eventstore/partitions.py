"""Partitions of the event table, ahead of need: the service sees to them, the database makes them."""

import asyncio
import logging

import asyncpg

from shared.database import STATEMENT_SECONDS, Pool, Pooled, is_passing
from shared.errors import BusyError, HealthError

EVERY_SECONDS = 30.0
# While the database does not answer, which says nothing of partitions and has a check of its own.
AGAIN_SECONDS = 1.0
PREPARE = "select prepare_partitions($1)"
# While events are laid into partitions none may lie beyond the first.
BOUND = "events_before_bound"
_log = logging.getLogger(__name__)


class NoPartitionAheadError(HealthError):
    """The next partition of the events cannot be made."""

    code = "partitions"


class NoRoomError(BusyError):
    """Appends came faster than partitions."""

    def __init__(self) -> None:
        super().__init__(
            "Room is being made for what is written; try again.", retry_after_seconds=2
        )


async def make_room(connection: Pooled, refused: asyncpg.CheckViolationError) -> None:
    """The partitions that an append found missing. Raises NoRoomError, or `refused` when that is not why."""
    if refused.constraint_name == BOUND:
        raise NoRoomError from refused
    if refused.table_name != "events" or refused.constraint_name:
        raise refused
    try:
        await connection.execute(PREPARE, 0, timeout=STATEMENT_SECONDS)
    except asyncpg.LockNotAvailableError as held:
        raise NoRoomError from held


class Partitions:
    """`run` never returns; cancel it. Any number of processes may run it at once."""

    def __init__(self, pool: Pool, every_seconds: float = EVERY_SECONDS) -> None:
        self._pool = pool
        self._every_seconds = every_seconds
        self._wrong: str | None = None

    async def run(self) -> None:
        while True:
            answered = await self._try()
            await asyncio.sleep(self._every_seconds if answered else AGAIN_SECONDS)

    async def check(self) -> None:
        """For health. Raises NoPartitionAheadError."""
        if self._wrong:
            raise NoPartitionAheadError(f"no partition could be made ahead: {self._wrong}")

    async def _try(self) -> bool:
        """Whether the database answered."""
        try:
            await self._pool.fetchval(PREPARE, 0, timeout=STATEMENT_SECONDS)
            self._wrong = None
        except Exception as wrong:  # noqa: BLE001 - appends go on for two partitions, health says it
            if is_passing(wrong):
                return False
            self._wrong = type(wrong).__name__
            _log.warning("no partition was made ahead", extra={"error": self._wrong})
        return True

"""What servers and disks answer, as the one sentence a command ends with."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncpg
from nats.errors import Error as NatsError

from deploy.local.errors import LocalError

T = TypeVar("T")


def with_one_sentence(
    work: Coroutine[Any, Any, T], otherwise: str
) -> T:  # Any: as asyncio.run has it
    """What `work` gives. Raises LocalError beginning with `otherwise` for a fault of a server or disk."""
    try:
        return asyncio.run(work)
    except (
        OSError,
        TimeoutError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        NatsError,
    ) as wrong:
        words = str(wrong) or type(wrong).__name__
        raise LocalError(f"{otherwise}: {words}") from wrong

"""`./parley bench append-large`: appends behind millions of events / behind none, on one server."""

import asyncpg

from cli.benching.event_log import callers, filled, one_append, open_log
from cli.benching.pairing import Figure, compared
from cli.benching.result import Result
from shared.eventstore.store import EventStore, open_store

EMPTY, MANY = "engagements", 64
CHUNK = 51_200
CONNECT_SECONDS, CHECKPOINT_SECONDS = 10, 600


async def append_large(seed: int, size: int) -> list[Result]:
    """64 callers each. The other store is empty when it begins, and holds what it appended after that."""
    async with open_log() as log, open_store(log.databases.url(EMPTY, "app")) as empty:
        await _fill(log.store, size)
        await _settle(log.databases.admin_url)
        return [
            await compared(
                Figure("append-large", "events/s", 0.9),
                callers(MANY, lambda: log.store.append(one_append())),
                callers(MANY, lambda: empty.append(one_append())),
            )
        ]


async def _fill(store: EventStore, size: int) -> None:
    for start in range(0, size, CHUNK):
        await filled(store, [one_append() for _ in range(min(CHUNK, size - start))])


async def _settle(admin_url: str) -> None:
    """What filling has left to be written is written before anything is measured."""
    connection = await asyncpg.connect(admin_url, timeout=CONNECT_SECONDS)
    try:
        await connection.execute("checkpoint", timeout=CHECKPOINT_SECONDS)
    finally:
        await connection.close()

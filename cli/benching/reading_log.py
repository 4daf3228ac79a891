"""`./parley bench load|replay|verify`: reading the log again, and proving it."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

from cli.benching.appending import library
from cli.benching.event_log import (
    CONTENT,
    SERVICE,
    Log,
    callers,
    filled,
    one_append,
    open_log,
    open_vault,
)
from cli.benching.pairing import Figure, Side, compared
from cli.benching.result import Result
from cli.benching.typed import LABELS, plain_append, typed
from services.contacts.place import place
from shared.database import open_pool
from shared.eventstore.reading_on import read_on
from shared.eventstore.verify import verify_store
from shared.ids import Kind, RecordId
from shared.record_state import fold

LONG, MANY = 50, 100_000
PAGE = 1_000
# Whoever reads the log without us.
PLAIN = """
select position, epoch, event_id, stream_id, version, type, data, meta,
       occurred_at, recorded_at, prev_hash, hash
  from events where position > $1 order by position limit $2
"""
NAMED = {"name": {"text": CONTENT}, "level": "settlement"}


async def load(seed: int) -> list[Result]:
    """A record of 50 events loaded, opened and folded / the library's repository."""
    async with open_log() as log, open_vault(log) as vault, library(log.databases) as peer:
        record = RecordId.new(Kind.PLACE)
        registered = typed("place.registered.v1", labels=LABELS, **NAMED)
        amended = typed("place.amended.v1", **NAMED)
        await log.store.append(plain_append(record, [registered, *[amended] * (LONG - 1)]))

        async def loaded() -> None:
            events = await vault.open_all(await log.store.load(str(record)))
            if fold(place, record, events).version != LONG:
                raise ValueError("not the whole record")

        async def other(seconds: float) -> float:
            return await peer.rate("load", events=LONG, seconds=seconds, content=CONTENT)

        return [await compared(Figure("load", "records/s", 2), callers(1, loaded), other)]


async def replay(seed: int) -> list[Result]:
    """100,000 events to their classes / the library's select and map."""
    async with open_log() as log, open_vault(log) as vault, library(log.databases) as peer:
        amended = typed("place.amended.v1", **NAMED)
        await filled(
            log.store, [plain_append(RecordId.new(Kind.PLACE), [amended]) for _ in range(MANY)]
        )

        async def opened() -> None:
            seen = 0
            async for events in read_on(log.store.read_all):
                seen += sum(one.event is not None for one in await vault.open_all(events))
            if seen != MANY:
                raise ValueError("an event without a class")

        async def other(seconds: float) -> float:
            return await peer.rate("replay", events=MANY, content=CONTENT)

        return [await compared(Figure("replay", "events/s", 1.5), _once(opened), other)]


async def verify(seed: int) -> list[Result]:
    """The chain of 100,000 events proved / the same bytes read and hashed."""
    async with open_log() as log:
        await filled(log.store, [one_append() for _ in range(MANY)])

        async def verified() -> None:
            if await verify_store(log.store, lambda position: None):
                raise ValueError("the chain does not hold")

        return [await compared(Figure("verify", "events/s", 0.6), _once(verified), _hashed(log))]


def _hashed(log: Log) -> Side:
    async def walk() -> None:
        async with open_pool(log.databases.url(SERVICE, "app"), connections=1) as pool:
            after, digest = 0, hashlib.sha256()
            while rows := await pool.fetch(PLAIN, after, PAGE):
                after = rows[-1]["position"]
                for row in rows:
                    digest.update(b"".join((row["data"], row["meta"], row["prev_hash"])))

    return _once(walk)


def _once(walk: Callable[[], Awaitable[None]]) -> Side:
    """One walk over all events, however long it takes."""

    async def run(seconds: float) -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await walk()
        return MANY / (loop.time() - began)

    return run

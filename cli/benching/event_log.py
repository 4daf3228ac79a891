"""What the benches of the event store write and how: real stores, events of the size of a meeting's note."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from cli.benching.pairing import Side, until
from cli.benching.throwaway import throwaway_databases
from deploy.local.databases import Databases
from deploy.local.layout import Layout
from shared.contracts.contacts import ContactsEvent
from shared.database import open_pool
from shared.event_types import event_types
from shared.eventstore.model import Append, CommandMark, NewEvent
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_store
from shared.ids import new_bytes, new_uuid
from shared.key_ring import KeyRing
from shared.keys import own_keys
from shared.sealing import Vault

SERVICE = "contacts"
AT = datetime(2030, 1, 2, tzinfo=UTC)
# About what the events of a meeting come to on average.
CONTENT = "x" * 300
DATA = b'{"type":"place.amended.v1","note":"' + CONTENT.encode() + b'"}'
META = (
    b'{"by":"client","organisation":"organisation_00000000000000000000000001","traceparent":null}'
)
# The appends of one call, when a store is filled rather than measured.
TOGETHER = 512


class WrongError(Exception):
    """A fast wrong answer is no answer."""


@dataclass(frozen=True, slots=True)
class Log:
    """A store in a fresh database, and what else is made with it."""

    layout: Layout
    databases: Databases
    store: EventStore


@asynccontextmanager
async def open_log() -> AsyncIterator[Log]:
    """Everything that was appended is checked when the block ends."""
    async with (
        throwaway_databases() as (layout, databases),
        open_store(databases.url(SERVICE, "app")) as store,
    ):
        yield Log(layout, databases, store)
        await _check(store)


@asynccontextmanager
async def open_vault(log: Log) -> AsyncIterator[Vault]:
    """Seals and opens as the service itself does."""
    url = log.databases.url("keystore", SERVICE)
    async with open_pool(url, connections=4, cleaned=False) as pool:
        kek = KeyRing(log.layout.secrets / f"kek-{SERVICE}.key")
        yield Vault(own_keys(pool, SERVICE, kek), event_types(ContactsEvent))


async def _check(store: EventStore) -> None:
    """Gap-free, chained, versions in order."""
    breaches = await verify_store(store, lambda position: None)
    if breaches:
        raise WrongError(f"{breaches[0].invariant} at position {breaches[0].position}")


def one_append(stream: str | None = None, version: int = 0) -> Append:
    """One event for a new stream, or the next for one at `version`, under a command of its own."""
    stream = stream or f"place_{new_uuid().hex}"
    event = NewEvent(new_uuid(), "place.amended.v1", DATA, META, AT)
    mark = CommandMark(new_bytes(32), new_bytes(32), stream, "created")
    return Append(stream, version, (event,), mark)


def callers(number: int, append: Callable[[], Awaitable[object]]) -> Side:
    """That many callers, each waiting for its answer before it asks again."""

    async def run(seconds: float) -> float:
        goes_on, done = until(seconds), count()

        async def caller() -> None:
            while goes_on():
                await append()
                next(done)

        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.gather(*(caller() for _ in range(number)))
        return next(done) / (loop.time() - began)

    return run


async def filled(store: EventStore, appends: Sequence[Append]) -> None:
    """All of them, many at a time."""
    for start in range(0, len(appends), TOGETHER):
        await asyncio.gather(*(store.append(one) for one in appends[start : start + TOGETHER]))

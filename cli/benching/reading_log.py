"""`./parley bench load|replay|verify|seal`: reading the log again, proving it, and sealing what goes in."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence

import orjson

from cli.benching.appending import library
from cli.benching.event_log import (
    AT,
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
from services.contacts.place import place
from shared.contracts.contacts import ContactsEvent
from shared.contracts.event import DomainEvent
from shared.database import open_pool
from shared.event_meta import EventMeta
from shared.event_types import event_types
from shared.eventstore.model import Append, NewEvent
from shared.eventstore.store import READ_ALL
from shared.eventstore.verify import verify_store
from shared.ids import Kind, RecordId, new_uuid
from shared.labels import label, to_json
from shared.record_state import fold
from shared.sealing import type_of

LONG, MANY = 50, 100_000
PAGE = 1_000
AT_ONCE = 64
TYPES = event_types(ContactsEvent)
LABELS = {"base": to_json(label({"un": 0}, [["community:all"]]))}
NAMED = {"name": {"text": CONTENT}, "level": "settlement"}


async def load(seed: int) -> list[Result]:
    """A record of 50 events loaded, opened and folded / the library's repository."""
    async with open_log() as log, open_vault(log) as vault, library(log.databases) as peer:
        record = RecordId.new(Kind.PLACE)
        registered = _event("place.registered.v1", labels=LABELS, **NAMED)
        amended = _event("place.amended.v1", **NAMED)
        await log.store.append(_plain(record, [registered, *[amended] * (LONG - 1)]))

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
        amended = _event("place.amended.v1", **NAMED)
        await filled(log.store, [_plain(RecordId.new(Kind.PLACE), [amended]) for _ in range(MANY)])

        async def opened() -> None:
            after = 0
            while page := await log.store.read_all(after, PAGE):
                after = page[-1].position
                if any(one.event is None for one in await vault.open_all(page)):
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


async def seal(seed: int) -> list[Result]:
    """Two events with sealed text, under a key made for them / the same in clear."""
    reason = {"text": CONTENT, "lang": "en"}
    events = [_event("place.relabelled.v1", labels=LABELS, reason=reason)] * 2
    async with open_log() as log, open_vault(log) as vault:

        async def sealed() -> None:
            record = RecordId.new(Kind.PLACE)
            inside = await vault.seal(events, record, _meta(record), AT)
            await log.store.append(Append(str(record), 0, inside))

        async def clear() -> None:
            await log.store.append(_plain(RecordId.new(Kind.PLACE), events))

        figure = Figure("seal", "appends/s", 0.8)
        return [await compared(figure, callers(AT_ONCE, sealed), callers(AT_ONCE, clear))]


def _hashed(log: Log) -> Side:
    async def walk() -> None:
        async with open_pool(log.databases.url(SERVICE, "app"), connections=1) as pool:
            after, digest = 0, hashlib.sha256()
            while rows := await pool.fetch(READ_ALL, after, PAGE):
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


def _event(type_: str, **fields: object) -> DomainEvent:
    """As read from a log: making events is the services' alone."""
    return TYPES[type_].model.model_validate(fields)


def _plain(record: RecordId, events: Sequence[DomainEvent]) -> Append:
    """Nothing of it sealed."""
    meta = _meta(record)
    new = [
        NewEvent(new_uuid(), type_of(one), orjson.dumps(one.model_dump(mode="json")), meta, AT)
        for one in events
    ]
    return Append(str(record), 0, tuple(new))


def _meta(record: RecordId) -> bytes:
    owner = RecordId.new(Kind.ORGANISATION)
    return EventMeta(record, owner, "bench", owner, "", exercise=True).to_bytes()

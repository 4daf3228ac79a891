"""`./parley bench seal`: appends whose text is sealed beside the same in clear, each two events.

For new records, which get a key of their own first, and for records that have one.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from cli.benching.event_log import AT, CONTENT, callers, open_log, open_vault
from cli.benching.pairing import Figure, Side, compared
from cli.benching.result import Result
from cli.benching.typed import LABELS, meta_of, plain, typed
from shared.eventstore.model import Append, NewEvent
from shared.eventstore.store import EventStore
from shared.ids import Kind, RecordId

AT_ONCE = 64
GOAL = 0.8

MakeEvents: TypeAlias = Callable[[RecordId], Awaitable[tuple[NewEvent, ...]]]


async def seal(seed: int) -> list[Result]:
    """Two events with sealed text / the same in clear."""
    reason = {"text": CONTENT, "lang": "en"}
    events = [typed("place.relabelled.v1", labels=LABELS, reason=reason)] * 2
    async with open_log() as log, open_vault(log) as vault:

        async def sealed(record: RecordId) -> tuple[NewEvent, ...]:
            return await vault.seal(events, record, meta_of(record), AT)

        async def clear(record: RecordId) -> tuple[NewEvent, ...]:
            return plain(record, events)

        return [
            await compared(
                Figure(name, "appends/s", GOAL), side(log.store, sealed), side(log.store, clear)
            )
            for name, side in (("seal", _registering), ("seal-known", _amending))
        ]


def _registering(store: EventStore, make: MakeEvents) -> Side:
    """Each append is the first of its record."""

    async def one() -> None:
        record = RecordId.new(Kind.PLACE)
        await store.append(Append(str(record), 0, await make(record)))

    return callers(AT_ONCE, one)


def _amending(store: EventStore, make: MakeEvents) -> Side:
    """Each append goes on with a record that nobody else is at; its first was made in the warm-up."""
    free = deque((RecordId.new(Kind.PLACE), 0) for _ in range(AT_ONCE))

    async def one() -> None:
        record, version = free.popleft()
        appended = await store.append(Append(str(record), version, await make(record)))
        free.append((record, appended.version))

    return callers(AT_ONCE, one)

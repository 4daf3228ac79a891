"""The checkers of the store's invariants: what must hold at any moment, and where it does not.

I1 positions without gaps within an epoch; I2 times of recording never fall along positions; I3 versions
without gaps within a stream; I4 the hash chain from the first event; I5 each command names the event it
ended with; I7 the stream holds what the store holds; I8 the stream is not ahead; I14 epochs never fall.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.bus import Address
from shared.eventstore.model import NO_HASH, Recorded, hash_of
from shared.eventstore.store import EventStore
from shared.stream import difference, message_at

PAGE = 1_000
# Messages asked of the bus at once.
AT_ONCE = 50

LONG_AGO = datetime.min.replace(tzinfo=UTC)

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that does not hold, and the first position at which it does not."""

    invariant: str
    position: int
    what: str


@dataclass(slots=True)
class _Walk:
    """What the walk must remember from one event to the next."""

    position: int = 0
    epoch: int = 1
    hash: bytes = NO_HASH
    recorded_at: datetime = LONG_AGO
    versions: dict[str, int] = field(default_factory=dict)


async def verify_store(store: EventStore, progress: Progress) -> list[Breach]:
    """Walks every event once. At most one breach per invariant: the first."""
    first: dict[str, Breach] = {}
    walk = _Walk()
    starts = await store.epoch_starts()
    async for page in _pages(store):
        for event in page:
            for breach in _event_breaches(walk, event, starts):
                first.setdefault(breach.invariant, breach)
            _step(walk, event)
        progress(walk.position)
    for invariant, position, what in await store.loose_ends():
        first.setdefault(invariant, Breach(invariant, position, what))
    return sorted(first.values(), key=lambda breach: breach.position)


async def verify_stream(
    store: EventStore, js: JetStreamContext, address: Address, progress: Progress
) -> list[Breach]:
    """Compares every message the stream holds with the store, byte for byte; stops at a breach."""
    try:
        state = (await js.stream_info(address.stream)).state
    except NotFoundError:
        return []
    head = await store.head()
    if state.last_seq > head.position:
        return [Breach("I8", head.position + 1, f"the stream is at {state.last_seq}")]
    async for page in _pages(store, after=max(state.first_seq - 1, 0), until=state.last_seq):
        for start in range(0, len(page), AT_ONCE):
            breaches = await _compared(js, address, page[start : start + AT_ONCE])
            if breaches:
                return breaches[:1]
        progress(page[-1].position)
    return []


async def _compared(js: JetStreamContext, address: Address, events: list[Recorded]) -> list[Breach]:
    messages = await asyncio.gather(*(message_at(js, address, event.position) for event in events))
    told = zip(events, messages, strict=True)
    return [
        Breach("I7", event.position, what)
        for event, message in told
        if (what := difference(event, message))
    ]


def _event_breaches(walk: _Walk, event: Recorded, starts: dict[int, int]) -> list[Breach]:
    found = []
    expected = starts.get(event.epoch, 0) if event.epoch > walk.epoch else walk.position
    if event.position != expected + 1:
        found.append(Breach("I1", event.position, f"follows position {walk.position}"))
    if event.recorded_at < walk.recorded_at:
        found.append(Breach("I2", event.position, "was recorded before the event before it"))
    if event.epoch < walk.epoch:
        found.append(Breach("I14", event.position, f"epoch {event.epoch} after {walk.epoch}"))
    if event.version != walk.versions.get(event.stream_id, 0) + 1:
        found.append(Breach("I3", event.position, f"version {event.version} out of order"))
    if event.prev_hash != walk.hash or event.hash != hash_of(event):
        found.append(Breach("I4", event.position, "the hash chain breaks here"))
    return found


def _step(walk: _Walk, event: Recorded) -> None:
    walk.position, walk.epoch, walk.hash = event.position, event.epoch, event.hash
    walk.recorded_at = event.recorded_at
    walk.versions[event.stream_id] = event.version


async def _pages(
    store: EventStore, after: int = 0, until: int | None = None
) -> AsyncIterator[list[Recorded]]:
    while until is None or after < until:
        limit = PAGE if until is None else min(PAGE, until - after)
        page = await store.read_all(after, limit)
        if not page:
            return
        yield page
        after = page[-1].position

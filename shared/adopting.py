"""Compares the end of the store with the stream's, and takes back from the stream what the store lost."""

import asyncio
from collections.abc import Mapping

from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg

from shared.bus import REQUEST_SECONDS, Address, from_message, is_filler
from shared.epoch_events import opening_in
from shared.eventstore.epochs import EpochBook
from shared.eventstore.model import Head, Recorded, hash_of
from shared.eventstore.store import EventStore
from shared.stream import message_at

AT_ONCE = 100


class Tail:
    """One stream beside one store."""

    def __init__(
        self, store: EventStore, book: EpochBook, js: JetStreamContext, address: Address
    ) -> None:
        self._store = store
        self._book = book
        self._js = js
        self._address = address

    async def adopt(self, last: int) -> int:
        """Take back what chains behind the head, up to the stream's `last`. Returns how many events."""
        adopted, at = 0, None
        while (head := await self._store.head()).position < last and head.position != at:
            at = head.position
            events = await self._chained(head, last)
            if not events or not await self._book.adopt(head, events):
                return adopted
            adopted += len(events)
        return adopted

    async def agreed(self, until: int) -> int:
        """The last position up to `until` at which store and stream say the same."""
        if until == 0 or await self._agree_at(until):
            return until
        known, unknown = (
            0,
            until,
        )  # the chain makes it one step: what agrees, agrees all the way back
        while unknown - known > 1:
            middle = (known + unknown) // 2
            if await self._agree_at(middle):
                known = middle
            else:
                unknown = middle
        return known

    async def _agree_at(self, position: int) -> bool:
        """Also when the stream has nothing to say there: its relay will fill it."""
        stored = await self._store.read_all(position - 1, 1)
        message = await message_at(self._js, self._address, position)
        found = _event(message)
        if found is None or not stored or stored[0].position != position:
            return found is None
        return found.hash == stored[0].hash

    async def _chained(self, head: Head, last: int) -> list[Recorded]:
        """The next events that follow `head` without a doubt."""
        first = head.position + 1
        places = range(first, min(last, head.position + AT_ONCE) + 1)
        async with asyncio.timeout(REQUEST_SECONDS):
            told = await asyncio.gather(
                *(message_at(self._js, self._address, place) for place in places)
            )
        chained: list[Recorded] = []
        prev, epoch = head.hash, head.epoch
        for place, message in zip(places, told, strict=True):
            if message is not None and is_filler(_headers(message), place):
                continue
            event = _event(message)
            if event is None or event.position != place or event.prev_hash != prev:
                break
            opening = opening_in(event)
            if event.epoch != (epoch if opening is None else opening.epoch):
                break
            chained.append(event)
            prev, epoch = event.hash, event.epoch
        return chained


def _event(message: RawStreamMsg | None) -> Recorded | None:
    """Nothing when it is none of ours, or not what its hash says."""
    if message is None:
        return None
    try:
        found = from_message(message.data or b"", _headers(message))
    except (KeyError, ValueError):
        return None
    return found if hash_of(found) == found.hash else None


def _headers(message: RawStreamMsg) -> Mapping[str, str]:
    return message.headers or {}

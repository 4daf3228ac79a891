"""What a stream should hold at a position, what it does hold, and what is to be thought of the difference.

Two kinds: what nobody can have been misled by is put right by filling the stream anew (RefillError); what
somebody may have read as true stops the relay until a person has looked (HaltedError).
"""

import asyncio

from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg, StreamState

from shared.bus import REQUEST_SECONDS, Address, from_message, is_filler
from shared.eventstore.model import Recorded, hash_of
from shared.eventstore.store import EventStore
from shared.stream import HaltedError, has_holes, message_at


class AheadError(HaltedError):
    """The stream holds later events than the store."""

    code = "stream_ahead"


class StrayError(HaltedError):
    """The stream holds what no relay of ours has published."""

    code = "stream_stray"


class TamperedError(HaltedError):
    """The stream holds an event as the store does not."""

    code = "stream_tampered"


class StoreTamperedError(HaltedError):
    """The store's own event is not what its hash says."""

    code = "store_tampered"


class RefillError(Exception):
    """The stream lacks messages, or holds some that no consumer takes; it is to be filled anew.

    `stray`: somebody wrote past the relay. Healing that again and again would hide it.
    """

    def __init__(self, why: str, stray: StrayError | None = None) -> None:
        super().__init__(why)
        self.stray = stray


def check_whole(state: StreamState) -> None:
    """Raises RefillError when messages are missing between the first and the last."""
    if has_holes(state):
        raise RefillError(
            f"of {state.last_seq} messages the stream holds {state.messages}, from {state.first_seq}"
        )


async def check_range(
    store: EventStore, js: JetStreamContext, address: Address, first: int, last: int
) -> None:
    """Raises RefillError or a HaltedError when the stream's messages there are not the store's.

    All at once: `last - first` is to be small.
    """
    places = range(first, last + 1)
    async with asyncio.timeout(REQUEST_SECONDS):
        stored = await store.read_all(first - 1, len(places))
        told = await asyncio.gather(*(message_at(js, address, place) for place in places))
    events = {event.position: event for event in stored}
    for place, message in zip(places, told, strict=True):
        check_message(place, events.get(place), message)


async def check_ahead(js: JetStreamContext, address: Address, last: int, head: int) -> None:
    """Raises what is to be thought of a stream that is at `last` while the store is at `head`."""
    message = await message_at(js, address, last)
    if message is None or _read(message.data or b"", message.headers or {}) is None:
        stray = StrayError(f"the stream holds no event of ours at position {last}")
        raise RefillError(str(stray), stray)
    raise AheadError(f"the stream is at {last}, ahead of the store at {head}")


def check_message(position: int, event: Recorded | None, message: RawStreamMsg | None) -> None:
    """The same, of what was read. `event` is None where the store has declared the position void."""
    if message is None:
        raise RefillError(f"the stream lacks position {position}")
    headers = message.headers or {}
    if event is None and is_filler(headers, position):
        return
    found = _read(message.data or b"", headers)
    if found is None:
        stray = StrayError(f"the stream holds no event of ours at position {position}")
        raise RefillError(str(stray), stray)
    if event is None:
        raise RefillError(f"the stream holds a voided event at position {position}")
    if found != event:
        raise _tampered(event)


def _read(body: bytes, headers: dict[str, str]) -> Recorded | None:
    """Nothing when no consumer would take it for an event."""
    try:
        found = from_message(body, headers)
    except (KeyError, ValueError):
        return None
    return found if hash_of(found) == found.hash else None


def _tampered(event: Recorded) -> HaltedError:
    at = f"at position {event.position}"
    if hash_of(event) != event.hash:
        return StoreTamperedError(f"the stored event {at} is not what its hash says")
    return TamperedError(f"the stream and the store differ {at}")

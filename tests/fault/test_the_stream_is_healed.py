"""Fault: a stream is purged, deleted, rolled back, holed, or written to by a stranger.

Promise: without a person, the stream holds what the store holds again, each event at its position, and no
consumer has taken in anything else (I7, I10). What somebody may have read as true halts the relay instead.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import NotFoundError

from shared.bus import Address, to_headers
from shared.consumer import Consumer, GapError, Pace
from shared.eventstore.model import Recorded
from shared.eventstore.store import EventStore
from shared.eventstore.verify import verify_stream
from shared.relay import STRAYS_HEALED, HaltedError, Relay
from shared.stream import MUST_BE
from tests.service.conftest import CONDITION_SECONDS, LOOK_AGAIN_SECONDS, running, until
from tests.stack.events import an_append

EVENTS = 10
QUICK = Pace(silence_seconds=0.2, rest_seconds=0.05)
# An administrator may lift these; only a stream made without them can be harmed in such ways.
UNGUARDED = {**MUST_BE, "deny_delete": False, "deny_purge": False}

Harm = Callable[[JetStreamContext, Address], Awaitable[object]]


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.relay.LOOK_SECONDS", 0.1)


class Collected:
    def __init__(self) -> None:
        self.events: list[Recorded] = []

    async def __call__(self, events: list[Recorded]) -> None:
        self.events += events


async def following(client: Client, address: Address, collected: Collected) -> None:
    """As a projection: from its own checkpoint on, and again when the stream lacks what follows."""
    while True:
        after = collected.events[-1].position if collected.events else EVENTS // 2
        with suppress(GapError):
            await Consumer(client, address, QUICK).run(after, collected)
        await asyncio.sleep(QUICK.rest_seconds)


async def _append(store: EventStore, count: int = EVENTS) -> None:
    for _ in range(count):
        await store.append(an_append())


async def _whole(store: EventStore, js: JetStreamContext, address: Address) -> bool:
    """Whether the stream holds exactly what the store holds."""
    head = (await store.head()).position
    try:
        state = (await js.stream_info(address.stream)).state
    except NotFoundError:
        return False
    return state.messages == state.last_seq == head


async def until_whole(store: EventStore, js: JetStreamContext, address: Address) -> None:
    async with asyncio.timeout(CONDITION_SECONDS):
        while not await _whole(store, js, address):
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


@pytest.fixture
async def unguarded(store: EventStore, client: Client, address: Address) -> JetStreamContext:
    """A stream that holds the store's events, and that nothing keeps from being purged."""
    js = client.jetstream()
    await _append(store)
    await js.add_stream(StreamConfig(address.stream, subjects=[address.subjects], **UNGUARDED))
    for event in await store.read_all(0, EVENTS):
        await js.publish(
            address.subject(event.type), event.data, headers=to_headers(event, address.source)
        )
    return js


async def _guard(js: JetStreamContext, address: Address) -> None:
    await js.update_stream(StreamConfig(address.stream, subjects=[address.subjects], **MUST_BE))


async def _rolled_back(js: JetStreamContext, address: Address) -> None:
    """As a server that comes back with an older copy of its files: made anew with the first half."""
    kept = [await js.get_msg(address.stream, seq=at) for at in range(1, EVENTS // 2 + 1)]
    await js.delete_stream(address.stream)
    await js.add_stream(StreamConfig(address.stream, subjects=[address.subjects], **UNGUARDED))
    for one in kept:
        await js.publish(str(one.subject), one.data or b"", headers=one.headers)


async def _only_the_tail(js: JetStreamContext, address: Address) -> None:
    """Made anew by hand, to begin where somebody thought it should."""
    await js.delete_stream(address.stream)
    config = {**UNGUARDED, "first_seq": EVENTS + 1}
    await js.add_stream(StreamConfig(address.stream, subjects=[address.subjects], **config))


HARMS: dict[str, Harm] = {
    "purged": lambda js, address: js.purge_stream(address.stream),
    "purged of its beginning": lambda js, address: js.purge_stream(address.stream, seq=5),
    "one message deleted": lambda js, address: js.delete_msg(address.stream, 4),
    "its last message deleted": lambda js, address: js.delete_msg(address.stream, EVENTS),
    "deleted": lambda js, address: js.delete_stream(address.stream),
    "rolled back to an older copy": _rolled_back,
    "made anew from later on": _only_the_tail,
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
async def test_a_harmed_stream_is_whole_again_and_no_consumer_is_wrong(
    store: EventStore, client: Client, address: Address, unguarded: JetStreamContext, harm: Harm
) -> None:
    collected = Collected()
    relay = Relay(store, client, address)
    await harm(unguarded, address)
    await _guard_if_there(unguarded, address)
    async with running(relay.run(), following(client, address, collected)):
        await until_whole(store, unguarded, address)
        await _append(store)
        await until(lambda: len(collected.events) >= EVENTS // 2 + EVENTS)
    stored = await store.read_all(0, 2 * EVENTS)
    assert collected.events == stored[EVENTS // 2 :]
    assert await verify_stream(store, unguarded, address, lambda _: None) == []


async def test_a_stream_purged_while_nothing_happens_is_whole_again(
    store: EventStore, client: Client, address: Address, unguarded: JetStreamContext
) -> None:
    relay = Relay(store, client, address)
    await _guard(unguarded, address)
    async with running(relay.run()):
        await until(lambda: relay.relayed == EVENTS)
        await unguarded.delete_stream(address.stream)
        await unguarded.add_stream(
            StreamConfig(
                address.stream,
                subjects=[address.subjects],
                **{**MUST_BE, "first_seq": EVENTS + 1},
            )
        )
        await until_whole(store, unguarded, address)
    assert relay.refills == 1


async def test_a_stray_message_is_healed(
    store: EventStore, client: Client, address: Address, unguarded: JetStreamContext
) -> None:
    relay = Relay(store, client, address)
    await _guard(unguarded, address)
    async with running(relay.run()):
        await until(lambda: relay.relayed == EVENTS)
        await unguarded.publish(address.subject("test.stray.v1"), b"{}")
        await until_whole(store, unguarded, address)
    assert await verify_stream(store, unguarded, address, lambda _: None) == []


async def test_a_stranger_who_goes_on_writing_halts_the_relay(
    store: EventStore, client: Client, address: Address
) -> None:
    js = client.jetstream()
    relay = Relay(store, client, address)
    await _append(store, 1)
    async with running(relay.run()):
        for _ in range(STRAYS_HEALED + 1):
            await until_whole(store, js, address)
            await js.publish(address.subject("test.stray.v1"), b"{}")
        await until(lambda: relay.halt is not None)
    with pytest.raises(HaltedError, match="no event of ours at position 2") as told:
        await relay.check()
    assert told.value.code == "stream_stray"


async def test_the_audit_finds_an_old_message_that_says_something_else(
    store: EventStore, client: Client, address: Address
) -> None:
    js = client.jetstream()
    await _append(store)
    await js.add_stream(StreamConfig(address.stream, subjects=[address.subjects], **MUST_BE))
    for event in await store.read_all(0, EVENTS):
        data, headers = event.data, to_headers(event, address.source)
        if event.position == 3:
            headers["Es-Meta"] = headers["Es-Meta"][::-1]
        await js.publish(address.subject(event.type), data, headers=headers)
    relay = Relay(store, client, address)
    async with running(relay.run()):
        await until(lambda: relay.refills == 1)
        await until(lambda: relay.auditor.audited == EVENTS)
    assert await verify_stream(store, js, address, lambda _: None) == []


async def _guard_if_there(js: JetStreamContext, address: Address) -> None:
    try:
        state = (await js.stream_info(address.stream)).config
    except NotFoundError:
        return
    config = {**MUST_BE, "first_seq": state.first_seq}
    await js.update_stream(StreamConfig(address.stream, subjects=[address.subjects], **config))

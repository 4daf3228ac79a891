"""Fault: somebody writes to the stream past the relay. Promise: verify and the relay name where."""

import pytest
from nats.aio.client import Client

from shared.bus import Address, to_headers
from shared.eventstore.model import Recorded, hash_of
from shared.eventstore.store import EventStore
from shared.eventstore.verify import Breach, verify_stream
from shared.relay import Relay
from shared.stream import ensure_stream
from tests.service.conftest import running, until
from tests.stack.events import an_append

EVENTS = 6
FORGED = 4


async def _published(client: Client, address: Address, event: Recorded) -> None:
    await client.jetstream().publish(
        address.subject(event.type), event.data, headers=to_headers(event, address.source)
    )


@pytest.mark.parametrize(
    "forge",
    [
        lambda event: event._replace(data=b"{}"),
        lambda event: event._replace(meta=b'{"owner":"forged"}'),
        lambda event: event._replace(type="test.forged.v1"),
        lambda event: event._replace(hash=bytes(32)),
    ],
    ids=["data", "meta", "type", "hash"],
)
async def test_one_forged_message_is_named_by_its_position(
    store: EventStore, client: Client, address: Address, forge
) -> None:
    await ensure_stream(client.jetstream(), address)
    for _ in range(EVENTS):
        await store.append(an_append())
    for event in await store.read_all(0, EVENTS):
        await _published(client, address, forge(event) if event.position == FORGED else event)
    breaches = await verify_stream(store, client.jetstream(), address, lambda _: None)
    assert [(breach.invariant, breach.position) for breach in breaches] == [("I7", FORGED)]


async def test_a_forged_tail_with_the_right_hash_halts_the_relay(
    store: EventStore, client: Client, address: Address
) -> None:
    await ensure_stream(client.jetstream(), address)
    await store.append(an_append())
    (event,) = await store.read_all(0, 1)
    forged = event._replace(data=b"{}")
    await _published(client, address, forged._replace(hash=hash_of(forged)))
    relay = Relay(store, client, address)
    async with running(relay.run()):
        await until(lambda: relay.halt is not None)
    assert str(relay.halt) == "the stream and the store differ at position 1"
    assert relay.halt
    assert relay.halt.code == "stream_tampered"


async def test_a_stream_ahead_of_the_store_is_a_breach(
    store: EventStore, client: Client, address: Address
) -> None:
    await ensure_stream(client.jetstream(), address)
    await client.jetstream().publish(address.subject("test.forged.v1"), b"{}")
    breaches = await verify_stream(store, client.jetstream(), address, lambda _: None)
    assert breaches == [Breach("I8", 1, "the stream is at 1")]

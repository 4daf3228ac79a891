"""Fault: what the relay published is in the stream, and the acks that say so are lost with the connection.
Promise: it finds out where the stream ends, and nothing is missing, double or out of place."""

import asyncio

import pytest
from nats.aio.client import Client

from shared.bus import Address, open_bus
from shared.eventstore.store import EventStore
from shared.eventstore.verify import verify_stream
from shared.relay import Relay
from shared.stream import Shape
from tests.service.conftest import LOOK_AGAIN_SECONDS, running, until
from tests.stack.cutting_proxy import CuttingProxy, cutting_proxy
from tests.stack.events import an_append
from tests.stack.nats import TestNats
from tests.thorough import times

ACK = b'"seq":'
LOSSES = times(1, thorough=4)
AT_ONCE = 40
SECONDS = 60


@pytest.fixture(autouse=True)
def _gives_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.windows.ACK_SECONDS", 1.0)


@pytest.mark.parametrize("shape", [Shape(), Shape(batches=True)], ids=["singly", "in batches"])
async def test_a_relay_whose_acks_are_lost_goes_on_where_the_stream_ends(
    store: EventStore, client: Client, nats: TestNats, address: Address, shape: Shape
) -> None:
    async with cutting_proxy(nats.url) as proxy, open_bus(proxy.url, None, name="relay") as way:
        relay = Relay(store, way, address, shape=shape)
        async with running(relay.run()):
            for _ in range(LOSSES):
                await _lose_an_answer(store, proxy)
            head = (await store.head()).position
            await until(lambda: relay.relayed == head)
        assert relay.halt is None
    assert await verify_stream(store, client.jetstream(), address, lambda _: None) == []


async def _lose_an_answer(store: EventStore, proxy: CuttingProxy) -> None:
    """Of those to some events at once."""
    proxy.lose_next_answer(holding=ACK)
    await asyncio.gather(*(store.append(an_append()) for _ in range(AT_ONCE)))
    async with asyncio.timeout(SECONDS):
        while proxy.losing:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

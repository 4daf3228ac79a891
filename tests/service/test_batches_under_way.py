"""Several atomic batches under way at once: what is behind a refused one is refused with it."""

import pytest
from nats.aio.client import Client

from shared.bus import Address, to_headers
from shared.publishing import Outgoing, Publisher, RefusedError
from shared.stream import Shape, ensure_stream
from tests.stack.events import an_event_at

EACH = 64


def _batch(address: Address, first: int) -> list[Outgoing]:
    events = [an_event_at(position) for position in range(first, first + EACH)]
    return [
        Outgoing(
            event.position,
            address.subject(event.type),
            event.data,
            to_headers(event, address.source),
        )
        for event in events
    ]


async def test_batches_under_way_at_once_are_stored_in_their_order(
    client: Client, address: Address
) -> None:
    js = client.jetstream()
    await ensure_stream(js, address, Shape(batches=True))
    async with Publisher(client) as publisher:
        stored = [
            await publisher.publish_atomically(_batch(address, first))
            for first in (1, 1 + EACH, 1 + 2 * EACH)
        ]
        for one in stored:
            await one
    assert (await js.stream_info(address.stream)).state.last_seq == 3 * EACH


async def test_a_batch_behind_a_refused_one_is_refused_as_well(
    client: Client, address: Address
) -> None:
    js = client.jetstream()
    await ensure_stream(js, address, Shape(batches=True))
    await js.publish(address.subject("stranger"), b"")
    async with Publisher(client) as publisher:
        refused = [
            await publisher.publish_atomically(_batch(address, first)) for first in (1, 1 + EACH)
        ]
        for one in refused:
            with pytest.raises(RefusedError):
                await one
    assert (await js.stream_info(address.stream)).state.last_seq == 1

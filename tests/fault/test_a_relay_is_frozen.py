"""Fault: one of two relays stands still in the midst of its work, and wakes when the other has taken over.
Promise: the stream goes on meanwhile, and the one that wakes puts nothing into it twice or out of place."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from deploy.local.layout import ROOT
from shared.bus import Address
from shared.eventstore.store import EventStore
from shared.eventstore.verify import verify_stream
from tests.fault.writing_until_killed import WRITERS
from tests.service.conftest import StoreAddress, running
from tests.stack.events import an_append
from tests.stack.nats import TestNats

SECONDS = 60
MORE = 200
LOOK_AGAIN_SECONDS = 0.05
Process = asyncio.subprocess.Process


async def test_a_relay_that_wakes_after_another_took_over_changes_nothing(
    store: EventStore, store_address: StoreAddress, client: Client, nats: TestNats, address: Address
) -> None:
    async with (
        _relaying(store_address.app, nats.url, address) as one,
        _relaying(store_address.app, nats.url, address) as other,
        running(*(_write(store) for _ in range(WRITERS))),
    ):
        # One of the two works; whichever it is has its turn to stand still.
        for frozen in (one, other, one):
            frozen.send_signal(signal.SIGSTOP)
            await _goes_on(store, client, address)
            frozen.send_signal(signal.SIGCONT)
            await _goes_on(store, client, address)
        assert (one.returncode, other.returncode) == (None, None)
    assert await verify_stream(store, client.jetstream(), address, lambda _: None) == []


@asynccontextmanager
async def _relaying(store_url: str, bus_url: str, address: Address) -> AsyncIterator[Process]:
    where = (address.mission, address.site, address.service)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "tests.fault.relaying_until_killed"),
        *(store_url, bus_url, *where),
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS):
            assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        process.kill()
        await process.wait()


async def _goes_on(store: EventStore, client: Client, address: Address) -> None:
    """Until the stream holds what is appended well after now."""
    wanted = (await store.head()).position + MORE
    async with asyncio.timeout(SECONDS):
        while await _last(client, address) < wanted:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _last(client: Client, address: Address) -> int:
    try:
        return (await client.jetstream().stream_info(address.stream)).state.last_seq
    except NotFoundError:
        return 0


async def _write(store: EventStore) -> None:
    while True:
        await store.append(an_append())
        await asyncio.sleep(LOOK_AGAIN_SECONDS)

"""Fault: in a cluster of three the server that leads a stream is killed again and again, or is cut off and
comes back. Promise: commands go on, and the stream then holds what the store holds, event for event.

Slow: servers that died are waited for until they hold everything again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import nats.errors
from nats.js import JetStreamContext

from services.contacts.app import create_app
from services.contacts.settings import ContactsSettings
from shared.bus import Address, open_bus
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_store, verify_stream
from tests.service.conftest import running
from tests.service.deciding_world import Caller, Installed, serving
from tests.stack.nats_cluster import NODES, Cluster, started_cluster
from tests.thorough import times

SECONDS = 90
DEATHS = times(1, thorough=4)
ITEMS = 10
PAUSE_SECONDS = 0.05
LOOK_AGAIN_SECONDS = 0.1
AWAY = (nats.errors.Error, OSError, TimeoutError)


async def test_a_leader_that_is_killed_repeatedly_loses_and_doubles_nothing(
    installed: Installed,
) -> None:
    async with started_cluster() as cluster, _clustered(installed, cluster) as (caller, watch):
        async with running(_write(caller)):
            for _ in range(DEATHS):
                leader = await watch.leader()
                await cluster.kill(leader)
                await watch.goes_on(without=leader)
                await cluster.start(leader)
                await watch.is_whole_again()
        await watch.holds_what_the_store_holds()


async def test_a_leader_that_was_cut_off_and_comes_back_changes_nothing(
    installed: Installed,
) -> None:
    async with started_cluster() as cluster, _clustered(installed, cluster) as (caller, watch):
        async with running(_write(caller)):
            leader = await watch.leader()
            cluster.freeze(leader)
            await watch.goes_on(without=leader)
            cluster.thaw(leader)
            await watch.is_whole_again()
        await watch.holds_what_the_store_holds()


class Watch:
    """What the stream says of itself, to whoever can still be asked."""

    def __init__(self, js: JetStreamContext, address: Address, store: EventStore) -> None:
        self._js, self._address, self._store = js, address, store

    async def leader(self) -> str:
        async with asyncio.timeout(SECONDS):
            while not (found := (await self._asked())[0]):
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return found

    async def goes_on(self, without: str) -> None:
        """Another leads, and what is appended from now on is in the stream."""
        async with asyncio.timeout(SECONDS):
            while (await self.leader()) == without:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        await self._has((await self._store.head()).position + ITEMS)

    async def is_whole_again(self) -> None:
        """All three have all of it."""
        async with asyncio.timeout(SECONDS):
            while (await self._asked())[1] != len(NODES) - 1:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def holds_what_the_store_holds(self) -> None:
        await self._has((await self._store.head()).position)
        assert await verify_store(self._store, lambda _: None) == []
        assert await verify_stream(self._store, self._js, self._address, lambda _: None) == []

    async def _has(self, position: int) -> None:
        async with asyncio.timeout(SECONDS):
            while (await self._asked())[2] < position:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _asked(self) -> tuple[str, int, int]:
        """Who leads ("" when nobody does), how many followers have all, and the last sequence."""
        try:
            info = await self._js.stream_info(self._address.stream)
        except AWAY:
            return "", 0, 0
        cluster = info.cluster
        if cluster is None or not cluster.leader:
            return "", 0, 0
        current = [one for one in cluster.replicas or () if one.current and not one.offline]
        return cluster.leader, len(current), info.state.last_seq


@asynccontextmanager
async def _clustered(installed: Installed, cluster: Cluster) -> AsyncIterator[tuple[Caller, Watch]]:
    """Contacts on this cluster, its stream on all three servers."""
    installed = replace(installed, nats_url=cluster.url)
    shape = {"nats_replicas": len(NODES), "nats_sync_always": True}
    settings = ContactsSettings(**(installed.settings("contacts") | shape))
    address = Address(installed.mission, "hq", "contacts")
    async with (
        serving(create_app(settings), settings.port, "contacts", installed.secrets) as caller,
        open_store(settings.database_url, connections=2) as store,
        open_bus(cluster.url, None, name="test") as client,
    ):
        await caller.until_ready()
        yield caller, Watch(client.jetstream(timeout=2), address, store)


async def _write(caller: Caller) -> None:
    """Batch after batch, each item of which must be accepted: commands do not wait for the bus."""
    while True:
        items = [{"key": uuid4().hex, "body": {"name": uuid4().hex}} for _ in range(ITEMS)]
        answers = await caller.batch("organisations", *items)
        assert [answer for answer in answers if answer["status"] != 201] == []
        await asyncio.sleep(PAUSE_SECONDS)

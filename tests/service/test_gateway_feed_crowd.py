"""Many readers at once: the idle cost little, and one who does not read harms nobody else.

Slow because a thousand connections are opened, and told of something.
"""

import asyncio
import resource
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import psutil
import pytest

from services.gateway.feed import router
from services.gateway.feed.event_stream import EventStream
from tests.service.gateway_edge import Heard, Held, soon
from tests.service.gateway_world import World, run_world

FEEDS = 1_000
MEGABYTE = 1024 * 1024
# A socket at each end, and both ends are in this process; and what the servers need besides.
DESCRIPTORS = 2 * FEEDS + 200
TOLD_SECONDS = 60
# More than all buffers between two sockets hold.
CHANGES, LETTERS, BUFFER_BYTES = 160, 100_000, 4_096
PATIENCE_SECONDS = 1.0


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url) as made:
        yield made


@pytest.fixture
async def http(world: World) -> AsyncIterator[aiohttp.ClientSession]:
    """As many connections as are asked for."""
    connector, timeout = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(world.url, connector=connector, timeout=timeout) as session:
        yield session


@pytest.fixture
def descriptors() -> Iterator[None]:
    """As many as a thousand feeds take."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(soft, DESCRIPTORS + 1_000)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def tell(world: World, title: str) -> Held:
    held = world.services.hold("engagement", title)
    world.services.change(held)
    world.app.state.gateway.wake.call()
    return held


async def until(answer: aiohttp.ClientResponse, word: str) -> bytes:
    """All that came until `word` did. Raises AssertionError when the feed ends before."""
    told = b""
    while word.encode() not in told:
        part = await answer.content.readany()
        assert part, "the feed ended"
        told += part
    return told


async def test_a_thousand_idle_feeds_stay_open_and_are_all_told(
    world: World, http: aiohttp.ClientSession, descriptors: None
) -> None:
    here, gateway = psutil.Process(), world.app.state.gateway
    readers = [await world.bearer(name) for name in ("ann", "ben", "witness", "officer")]
    before, files = here.memory_info().rss, here.num_fds()
    async with AsyncExitStack() as stack:
        feeds = [
            await stack.enter_async_context(
                http.get("/v1/events", headers=readers[number % len(readers)])
            )
            for number in range(FEEDS)
        ]
        async with asyncio.timeout(TOLD_SECONDS):
            await asyncio.gather(*(until(each, "id: ") for each in feeds))
            assert gateway.wake.listeners == FEEDS
            for word in ("the first", "the second"):
                held = tell(world, word)
                await asyncio.gather(*(until(each, held.id) for each in feeds))
        grown, opened = here.memory_info().rss - before, here.num_fds() - files
        print(f"{FEEDS} feeds: {grown / MEGABYTE:.0f} MiB at both ends, {opened} descriptors")
        assert gateway.wake.listeners == FEEDS
        assert opened < DESCRIPTORS
    await soon(lambda: gateway.wake.listeners == 0, TOLD_SECONDS)
    await soon(lambda: here.num_fds() < files + 100, TOLD_SECONDS)


async def test_a_reader_who_does_not_read_is_cut_off_and_no_other_waits_for_him(
    world: World, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = partial(EventStream, write_seconds=PATIENCE_SECONDS)
    monkeypatch.setattr(router, "EventStream", impatient)
    ann, path, wake = (
        await world.bearer("ann"),
        "/v1/events?include=record",
        world.app.state.gateway.wake,
    )
    async with http.get(path, headers=ann) as neighbour:
        await until(neighbour, "id: ")
        slow = await _unread(world, ann, path)
        await soon(lambda: wake.listeners == 2)
        told = [tell(world, "x" * LETTERS).id for _ in range(CHANGES)]
        async with asyncio.timeout(TOLD_SECONDS):
            await until(neighbour, told[-1])
        await soon(lambda: wake.listeners == 1, TOLD_SECONDS)
        assert (await _rest(slow)).count(b"x" * LETTERS) < CHANGES
        async with asyncio.timeout(TOLD_SECONDS):
            await until(neighbour, tell(world, "after").id)


async def test_whoever_was_cut_off_goes_on_where_he_was(
    world: World, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = partial(EventStream, write_seconds=PATIENCE_SECONDS)
    monkeypatch.setattr(router, "EventStream", impatient)
    ann, path, wake = (
        await world.bearer("ann"),
        "/v1/events?include=record",
        world.app.state.gateway.wake,
    )
    slow = await _unread(world, ann, path)
    await soon(lambda: wake.listeners == 1)
    told = [tell(world, "x" * LETTERS).id for _ in range(CHANGES)]
    await soon(lambda: wake.listeners == 0, TOLD_SECONDS)
    whole = (await _rest(slow)).rpartition(b"\n\n")[0].decode()
    cursor = whole.rpartition("id: ")[2].partition("\n")[0]
    missed = [one for one in told if f'"subject":"{one}"' not in whole]
    assert 0 < len(missed) < CHANGES
    async with http.get(path, headers=ann | {"Last-Event-ID": cursor}) as again:
        async with asyncio.timeout(TOLD_SECONDS):
            rest = await until(again, missed[-1])
    assert [one for one in told if one.encode() in rest] == missed


async def _unread(world: World, headers: dict[str, str], path: str) -> Any:
    """A feed that was asked for, stands at its place, and is not read. Returns its socket."""
    heard = len(world.services.heard)
    where = urlsplit(world.url)
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    slow.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(slow, ("127.0.0.1", where.port))
    asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
    asked += f"Authorization: {headers['Authorization']}\r\n\r\n"
    await loop.sock_sendall(slow, asked.encode())
    await soon(lambda: any(map(_finds_its_place, world.services.heard[heard:])))
    return slow


def _finds_its_place(heard: Heard) -> bool:
    return heard.path == "/changes" and "vector" not in heard.query


async def _rest(slow: Any) -> bytes:
    """All that is still on its way, without the marks of chunks."""
    told, loop = b"", asyncio.get_running_loop()
    async with asyncio.timeout(TOLD_SECONDS):
        while part := await _received(loop, slow):
            told += part
    slow.close()
    return told


async def _received(loop: asyncio.AbstractEventLoop, slow: socket.socket) -> bytes:
    try:
        return await loop.sock_recv(slow, MEGABYTE)
    except ConnectionError:
        return b""

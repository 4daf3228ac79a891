"""Fault: a feed's client reads one byte at a time. Promise: others are told meanwhile as if it were not
there, and it misses nothing once it comes back with the last id it has read whole."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from tests.service.gateway_world import World, run_world
from tests.service.test_gateway_feed import feed, following

CHANGES = 1_500
# So small that nearly all it should be told waits at the gateway.
BUFFER_BYTES = 2_048
PAUSE_SECONDS = 0.001
LEAST_BYTES = 4_000
SECONDS = 60
WHOLE = re.compile(rb"id: (\S+)\nevent: \w+\ndata: (.*)\n\n")


@pytest.fixture
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


async def test_a_reader_of_one_byte_at_a_time_holds_up_nobody_and_misses_nothing(
    world: World,
) -> None:
    ann, ben = await world.bearer("ann"), await world.bearer("ben")
    async with feed(world, ann) as messages:
        cursor = (await following(messages))["id"]
    async with _drips(world, ann, cursor) as read, feed(world, ben) as messages:
        await following(messages)
        held = [world.services.hold("engagement", f"talks {n}") for n in range(CHANGES)]
        for one in held:
            world.services.change(one)
        async with asyncio.timeout(SECONDS):
            fast = [json.loads((await following(messages))["data"])["subject"] for _ in held]
            while len(read) < LEAST_BYTES:
                await asyncio.sleep(PAUSE_SECONDS)
    expected = [one.id for one in held]
    whole = WHOLE.findall(read)
    slow = [json.loads(told)["subject"] for _, told in whole]
    assert fast == expected
    assert 0 < len(slow) < CHANGES
    async with feed(world, ann, cursor=whole[-1][0].decode()) as messages:
        await following(messages)
        rest = [json.loads((await following(messages))["data"]) for _ in expected[len(slow) :]]
    assert slow + [one["subject"] for one in rest] == expected


@asynccontextmanager
async def _drips(world: World, headers: dict[str, str], cursor: str) -> AsyncIterator[bytearray]:
    """The bytes read so far by a client with hardly any room, one after the other."""
    where = urlsplit(world.url)
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        line.setblocking(False)
        loop, read = asyncio.get_running_loop(), bytearray()
        await loop.sock_connect(line, ("127.0.0.1", where.port))
        lines = ["GET /v1/events HTTP/1.0", f"Host: {where.netloc}", f"Last-Event-ID: {cursor}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        await loop.sock_sendall(line, "\r\n".join([*lines, "", ""]).encode())

        async def drip() -> None:
            while byte := await loop.sock_recv(line, 1):
                read.extend(byte)
                await asyncio.sleep(PAUSE_SECONDS)

        dripping = asyncio.create_task(drip())
        try:
            yield read
        finally:
            dripping.cancel()

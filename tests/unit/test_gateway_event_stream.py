"""A feed's answer ends with its reader: when he leaves, and when he no longer reads."""

import asyncio
from collections.abc import AsyncGenerator, MutableMapping
from typing import Any

from services.gateway.feed.event_stream import EventStream, frame

WAIT_SECONDS = 5


async def endless(closed: asyncio.Event) -> AsyncGenerator[bytes, None]:
    try:
        while True:
            yield frame(cursor="c", event="changed", data=b"{}")
            await asyncio.sleep(0)
    finally:
        closed.set()


async def never() -> MutableMapping[str, Any]:
    await asyncio.get_running_loop().create_future()
    return {}


async def test_a_reader_who_stops_reading_is_given_up() -> None:
    closed = asyncio.Event()

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await never()

    async with asyncio.timeout(WAIT_SECONDS):
        await EventStream(endless(closed), write_seconds=0.05)({}, never, send)
    assert closed.is_set()


async def test_a_reader_who_leaves_ends_the_stream() -> None:
    closed, sent = asyncio.Event(), asyncio.Event()

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.set()

    async def receive() -> MutableMapping[str, Any]:
        await sent.wait()
        return {"type": "http.disconnect"}

    async with asyncio.timeout(WAIT_SECONDS):
        await EventStream(endless(closed))({}, receive, send)
    assert closed.is_set()


def test_a_frame_is_spelled_as_the_standard_says() -> None:
    assert frame(cursor="c", event="e", data=b"{}") == b"id: c\nevent: e\ndata: {}\n\n"
    assert frame(cursor="c") == b"id: c\n\n"

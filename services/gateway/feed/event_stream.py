"""Server-Sent Events as an answer: written as fast as its reader reads, and given up when he does not."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

# The server's own buffer is bounded: a write waits while the reader is slow, and no longer than this.
WRITE_SECONDS = 30.0
HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]


@dataclass(frozen=True, slots=True)
class EventStream:
    frames: AsyncGenerator[bytes, None]
    write_seconds: float = WRITE_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        writing = asyncio.create_task(self._write(send))
        leaving = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (writing, leaving):
                task.cancel()
            done = await asyncio.gather(writing, leaving, return_exceptions=True)
        for outcome in done:
            if isinstance(outcome, Exception) and not isinstance(outcome, TimeoutError | OSError):
                raise outcome

    async def _write(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        async with aclosing(self.frames) as frames:
            async for frame in frames:
                async with asyncio.timeout(self.write_seconds):
                    await send({"type": "http.response.body", "body": frame, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def frame(
    *, cursor: str | None = None, event: str | None = None, data: bytes | None = None
) -> bytes:
    """One message. With a cursor alone it is not shown to the page; it only moves its place."""
    lines = []
    if cursor is not None:
        lines.append(b"id: " + cursor.encode())
    if event is not None:
        lines.append(b"event: " + event.encode())
    if data is not None:
        lines.append(b"data: " + data)
    return b"\n".join(lines) + b"\n\n"

"""Bodies of uploads are bounded while they are read, each kind by its own limit."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from shared.http_edge import Edge, Uploads

SMALL, LARGE = Uploads(re.compile("/small"), 10, 2), Uploads(re.compile("/large"), 100, 0)


async def read_all(scope: Scope, receive: Receive, send: Send) -> None:
    size = sum([len(chunk) async for chunk in Request(scope, receive).stream()])
    await PlainTextResponse(str(size))(scope, receive, send)


async def posted(path: str, chunks: Iterator[bytes], declared: int | None = None) -> list[Any]:
    """The answer's messages."""
    headers = [] if declared is None else [(b"content-length", str(declared).encode())]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    told: list[Any] = []

    async def receive() -> Any:
        chunk = next(chunks, b"")
        return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

    async def send(message: Any) -> None:
        told.append(message)

    await Edge(read_all, uploads=(SMALL, LARGE))(scope, receive, send)
    return told


@pytest.mark.parametrize(("path", "limit"), [("/small", 12), ("/large", 100)])
async def test_an_upload_may_be_as_large_as_its_limit_and_no_larger(path: str, limit: int) -> None:
    whole = await posted(path, iter([b"x"] * limit))
    over = await posted(path, iter([b"x"] * (limit + 1)))
    assert (whole[0]["status"], whole[1]["body"]) == (200, str(limit).encode())
    assert over[0]["status"] == 413


async def test_one_that_says_it_is_larger_is_not_read() -> None:
    def never() -> Iterator[bytes]:
        pytest.fail("it was read")
        yield b""

    told = await posted("/large", never(), declared=101)
    assert told[0]["status"] == 413
    assert b"at most 100 bytes" in told[1]["body"]

"""What a caller wrote never becomes a header of the answer, nor an address it leads to."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import quote, urlsplit

import pytest

from tests.service.gateway_calls import BODY, call, keyed
from tests.service.gateway_world import World, run_world

WORD = "x-canary-7319"
BREAKS = ("\r\n", "\n", "\r", "\u2028", "\u560d\u560a", "%0d%0a", "\x0b", "\x85")
READ_SECONDS = 10


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url, pages=True) as made:
        yield made


@pytest.fixture(scope="module")
async def ann(world: World) -> dict[str, str]:
    return await world.bearer("ann")


async def raw(world: World, request: bytes) -> str:
    """The head of the answer to these very bytes."""
    where = urlsplit(world.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        writer.write(request)
        await writer.drain()
        async with asyncio.timeout(READ_SECONDS):
            told = await reader.readuntil(b"\r\n\r\n")
    finally:
        writer.close()
    return told.decode("latin-1").lower()


@pytest.mark.parametrize("line_break", BREAKS, ids=repr)
async def test_where_a_sign_in_leads_ends_no_header(world: World, line_break: str) -> None:
    line = world.people["ann"]
    target = f"/here{line_break}{WORD}: 1{line_break}{line_break}<p>"
    form = {"username": line["username"], "password": line["password"], "next": target}
    for sent in (form, form | {"password": "wrong"}):
        async with world.http.post("/sign-in", data=sent, allow_redirects=False) as answer:
            told = answer.headers
        assert WORD not in {name.lower() for name in told}
        assert urlsplit(told["Location"]).netloc == ""


@pytest.mark.parametrize("line_break", BREAKS, ids=repr)
async def test_an_address_that_holds_a_line_break_ends_no_header(
    world: World, ann: dict[str, str], line_break: str
) -> None:
    tail = quote(f"{line_break}{WORD}: 1", safe="")
    for path in (f"/v1/records/{tail}", f"/v1/{tail}/", f"/{tail}/", f"/v1/records?q={tail}"):
        async with world.http.get(path, headers=ann, allow_redirects=False) as answer:
            assert WORD not in {name.lower() for name in answer.headers}


@pytest.mark.parametrize("line_break", ["\r", "\n", "\r\n", "\x00"], ids=repr)
@pytest.mark.parametrize("name", ["Idempotency-Key", "If-Match", "traceparent", "Last-Event-ID"])
async def test_a_header_that_holds_a_line_break_is_two_headers_or_none(
    world: World, ann: dict[str, str], name: str, line_break: str
) -> None:
    sent = (
        f"GET /v1/records HTTP/1.1\r\nHost: localhost\r\nAuthorization: {ann['Authorization']}\r\n"
    )
    sent += f"{name}: a{line_break}{WORD}: 1\r\nConnection: close\r\n\r\n"
    assert WORD not in await raw(world, sent.encode("latin-1"))


@pytest.mark.parametrize("path", ["/v1/records/", "/v1/engagements/", "/sign-in/", "//v1/records"])
@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "Forwarded"])
async def test_no_answer_leads_to_a_host_that_the_caller_named(
    world: World, path: str, name: str
) -> None:
    host = "" if name == "Host" else "Host: localhost\r\n"
    value = "host=forger.example" if name == "Forwarded" else "forger.example"
    sent = f"GET {path} HTTP/1.1\r\n{host}{name}: {value}\r\nConnection: close\r\n\r\n"
    assert "forger.example" not in await raw(world, sent.encode())


async def test_a_key_is_not_given_back(world: World, ann: dict[str, str]) -> None:
    for _ in range(2):
        answer, _ = await call(world, "POST", "/v1/engagements", keyed(ann, WORD), BODY)
        assert WORD not in str(answer.headers)


async def test_two_lengths_and_a_chunked_body_make_no_second_request(world: World) -> None:
    """Request smuggling (RFC 9112, 6.3): refused, and the connection ends."""
    smuggled = f"GET /{WORD} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for lengths in (
        f"Content-Length: 4\r\nContent-Length: {len(smuggled)}",
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    ):
        sent = (
            f"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\n{lengths}\r\n\r\n0\r\n\r\n{smuggled}"
        )
        assert " 404 " not in (await raw(world, sent.encode())).partition("\r\n")[0]

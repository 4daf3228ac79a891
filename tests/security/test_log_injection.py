"""Nothing that a caller sends is in a log, so nothing he sends can look like a line of it.

At the level that says most. Values hold line breaks, control characters, marks that terminals obey and lines
that look like ours; they come in addresses, headers, cookies, forms and bodies.
"""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.service.gateway_calls import BODY, keyed
from tests.service.gateway_world import World, run_world
from tests.stack.logged import logged

WORD = "canary4417"
FORGED = json.dumps({"level": "critical", "message": f"forged {WORD}", "service": "gateway"})
VALUES = (
    f"{WORD}\n{FORGED}\n",
    f"{WORD}\r\n{FORGED}\r\n",
    f'{WORD}", "level": "critical", "message": "forged',
    f"{WORD}\x1b[2J\x1b[31m\x07\x08",
    f"{WORD}\u2028{FORGED}\u2029\x85\x0b\x0c",
    f"{WORD}\u202e{FORGED}\ufeff",
    f"%s %d {{}} ${{jndi:ldap://{WORD}}} %({WORD})s",
    f"{WORD}\x00{FORGED}",
)
HEADERS = (
    "User-Agent", "X-Forwarded-For", "X-Request-Id", "traceparent", "tracestate", "baggage",
    "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID", "Accept-Language", "Content-Type",
    "Authorization", "Cookie", "Referer", "Origin", "Parley-Scenario-Time", "Parley-Principal",
)  # fmt: skip
READ_SECONDS = 15


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url, pages=True) as made:
        yield made


@pytest.fixture
def lines(world: World) -> Iterator[io.StringIO]:
    """All that the gateway, and every library in it, logs from here on."""
    with logged("gateway", "debug") as stream:
        yield stream


def check(lines: io.StringIO) -> None:
    told = lines.getvalue().split("\n")[:-1]
    assert told, "nothing was logged: nothing is proved"
    assert WORD not in lines.getvalue()
    assert all(isinstance(json.loads(line), dict) for line in told)
    assert all(line.isascii() or line.isprintable() for line in told)


@pytest.mark.parametrize("value", VALUES, ids=repr)
async def test_an_address_is_not_logged(world: World, lines: io.StringIO, value: str) -> None:
    headers, part = await world.bearer("ann"), quote(value, safe="")
    for path in (
        f"/v1/records?q={part}",
        f"/v1/records?{part}=1",
        f"/v1/engagements/{part}",
        f"/{part}",
    ):
        async with world.http.get(path, headers=headers, allow_redirects=False) as answer:
            await answer.read()
    check(lines)


@pytest.mark.parametrize("value", VALUES, ids=repr)
async def test_a_body_is_not_logged(world: World, lines: io.StringIO, value: str) -> None:
    headers = await world.bearer("ann")
    for body in ({**BODY, "purpose": value}, {value: value}, {"wrong": value}, {"url": value}):
        for path in ("/v1/engagements", "/v1/webhooks", "/v1/sandbox/events"):
            async with world.http.post(path, json=body, headers=keyed(headers)) as answer:
                await answer.read()
    form = {"username": value, "password": value, "next": value, "client_id": value, value: value}
    for path in ("/sign-in", "/oauth/token"):
        sent, of = urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
        async with world.http.post(path, data=sent, headers=of, allow_redirects=False) as answer:
            await answer.read()
    check(lines)


@pytest.mark.parametrize("name", HEADERS)
async def test_a_header_is_not_logged(world: World, lines: io.StringIO, name: str) -> None:
    """On the wire as they are, which no client library would send."""
    for value in VALUES:
        sent = b"GET /v1/records HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        sent += f"{name}: {value}\r\n\r\n".encode()
        await _raw(world, sent)
    async with world.http.get("/v1/records", headers=await world.bearer("ann")) as answer:
        assert answer.status == 200
    check(lines)


async def test_what_is_no_http_is_not_logged(world: World, lines: io.StringIO) -> None:
    for value in VALUES:
        await _raw(world, value.encode())
        await _raw(world, f"{WORD} /{value} HTTP/9.9\r\n\r\n".encode())
    async with world.http.get("/v1/records", headers=await world.bearer("ann")) as answer:
        assert answer.status == 200
    check(lines)


async def test_a_fault_with_a_callers_words_in_it_tells_where_and_not_what(
    world: World, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(VALUES[0])

    monkeypatch.setattr(type(world.app.state.gateway.upstream), "get", broken)
    async with world.http.get("/v1/records", headers=await world.bearer("ann")) as answer:
        assert answer.status == 500
        assert WORD not in await answer.text()
    check(lines)
    assert '"exception":"RuntimeError"' in lines.getvalue()


async def _raw(world: World, sent: bytes) -> None:
    where = urlsplit(world.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(sent)
    writer.write_eof()
    async with asyncio.timeout(READ_SECONDS):
        await reader.read()
    writer.close()

"""Small requests that would grow large inside are refused while they are small."""

import gzip
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psutil
import pytest
from aiohttp import web

from tests.service.gateway_calls import keyed
from tests.service.gateway_world import World, run_world
from tests.service.webhook_receiver import act, registered

MEGABYTE = 1024 * 1024
BOMB_BYTES = 256 * MEGABYTE
# What handling any request may take; the bombs would take far more.
GROWTH_BYTES = 96 * MEGABYTE


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    open_to: dict[str, Any] = {"webhook_networks": "127.0.0.0/8"}
    async with run_world(layout, fresh, nats.url, **open_to) as made:
        yield made


@pytest.fixture(scope="module")
async def ann(world: World) -> dict[str, str]:
    return await world.bearer("ann")


@pytest.fixture(scope="module")
def zeros() -> bytes:
    """Many megabytes of JSON text in less than one."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(b'{"purpose":"')]
    parts += [packer.compress(b"0" * MEGABYTE) for _ in range(BOMB_BYTES // MEGABYTE)]
    return b"".join([*parts, packer.compress(b'"}'), packer.flush()])


@asynccontextmanager
async def answering(body: bytes) -> AsyncIterator[str]:
    """The address of a receiver that answers everything with `body`, packed."""

    async def packed(request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    app = web.Application()
    app.router.add_post("/hook", packed)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


def deep(opening: str, closing: str, levels: int) -> bytes:
    return (opening * levels + closing * levels).encode()


async def refused(world: World, headers: dict[str, str], body: bytes) -> tuple[int, str]:
    """Raises AssertionError when answering it took memory as if it had been opened."""
    before = psutil.Process().memory_info().rss
    async with world.http.post("/v1/webhooks", data=body, headers=keyed(headers)) as answer:
        told: Any = await answer.json()
    assert psutil.Process().memory_info().rss - before < GROWTH_BYTES
    return answer.status, told["code"]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x-gzip"])
async def test_a_compressed_body_is_never_opened(
    world: World, ann, zeros: bytes, encoding: str
) -> None:
    assert len(zeros) < MEGABYTE
    headers = ann | {"Content-Type": "application/json", "Content-Encoding": encoding}
    heard = len(world.services.heard)
    assert await refused(world, headers, zeros) == (415, "encoded")
    assert len(world.services.heard) == heard


async def test_a_small_compressed_body_is_not_taken_for_json_either(world: World, ann) -> None:
    headers = ann | {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert await refused(world, headers, gzip.compress(b"{}")) == (415, "encoded")


@pytest.mark.parametrize(
    "body",
    [
        deep("[", "]", 100_000),
        deep('{"a":', "}", 100_000).replace(b":}", b":1}"),
        deep("[", "", 500_000),
        deep('{"purpose":[', "", 60_000),
        deep("[{", "", 200_000),
    ],
    ids=["lists", "objects", "never closed", "both", "mixed and never closed"],
)
async def test_a_deep_body_is_refused_at_once(world: World, ann, body: bytes) -> None:
    began = time.monotonic()
    headers = ann | {"Content-Type": "application/json"}
    assert await refused(world, headers, body) == (400, "malformed")
    print(f"{len(body)} bytes refused in {time.monotonic() - began:.2f} s")


@pytest.mark.parametrize(
    "body",
    [b'{"url":' + b"9" * 900_000 + b"}", b'{"url":' + b"-" * 900_000 + b"}"],
    ids=["a number without end", "a sign without end"],
)
async def test_a_number_as_long_as_a_book_is_refused(world: World, ann, body: bytes) -> None:
    status, _ = await refused(world, ann | {"Content-Type": "application/json"}, body)
    assert status in (400, 422)


async def test_a_body_larger_than_the_limit_is_refused_while_it_comes(world: World, ann) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * MEGABYTE

    headers = keyed(ann) | {"Content-Type": "application/json"}
    async with world.http.post("/v1/engagements", data=endless(), headers=headers) as answer:
        assert answer.status == 413


async def test_a_form_of_a_hundred_thousand_fields_is_refused(world: World) -> None:
    form = "&".join(f"f{number}=1" for number in range(100_000))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with world.http.post("/oauth/token", data=form, headers=headers) as answer:
        assert answer.status in (400, 413)


async def test_a_receivers_answer_is_read_to_its_beginning_and_never_opened(
    world: World, ann, zeros: bytes
) -> None:
    """It comes packed, in answer to the challenge of a webhook."""
    async with answering(zeros) as url:
        hook = await registered(world, ann, url)
        before = psutil.Process().memory_info().rss
        answer, _ = await act(world, ann, hook, "activate")
        assert psutil.Process().memory_info().rss - before < GROWTH_BYTES
    assert answer.status == 409

"""Who came to the door, and what was refused to whom, is in the log; never what he sent."""

import io
from collections.abc import AsyncIterator, Iterator
from typing import Any

import orjson
import pytest

from shared.ids import Kind, RecordId
from tests.service.gateway_calls import call
from tests.service.gateway_world import World, basic, run_world
from tests.stack.logged import logged

GRANT = {"grant_type": "client_credentials"}


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


@pytest.fixture
def lines(world: World) -> Iterator[io.StringIO]:
    with logged("gateway", "info") as stream:
        yield stream


def told(lines: io.StringIO, message: str, *names: str) -> list[tuple[Any, ...]]:
    """These fields of every line with this message."""
    every = [orjson.loads(line) for line in lines.getvalue().splitlines()]
    return [tuple(map(line.get, names)) for line in every if line["message"] == message]


async def test_signing_in_is_logged_and_so_is_failing_to(world: World, lines: io.StringIO) -> None:
    await world.sign_in("ann")
    await world.sign_in("ann", "wrong password")
    async with world.http.post("/sign-in", data={"username": "nobody here", "password": "x"}):
        pass
    let_in = told(lines, "somebody was let in", "caller", "factor", "address", "level")
    assert let_in == [("person:ann", "password", "127.0.0.1", "info")]
    assert told(lines, "somebody was not let in", "caller", "factor", "code", "level") == [
        ("person:ann", "password", "not_right", "warning"),
        (None, "password", "not_right", "warning"),
    ]
    assert not {"nobody here", "wrong password"} & {*lines.getvalue().split('"')}


async def test_who_guesses_too_often_is_logged(world: World, lines: io.StringIO) -> None:
    for _ in range(10):
        await world.sign_in("loader", "wrong")
    await world.sign_in("loader")
    await world.sql("delete from sign_in_failures")
    assert told(lines, "somebody was not let in", "code", "address")[-1] == (
        "too_many",
        "127.0.0.1",
    )


async def test_a_machine_that_fails_to_prove_itself_is_logged(
    world: World, lines: io.StringIO
) -> None:
    await world.token("ann")
    for client_id in ("ann-client", "a canary"):
        async with world.http.post("/oauth/token", data=GRANT, headers=basic(client_id, "wrong")):
            pass
    let_in = told(lines, "somebody was let in", "caller", "factor", "address")
    assert let_in == [("client:ann-client", "client_secret", "127.0.0.1")]
    assert told(lines, "somebody was not let in", "caller", "factor") == [
        ("client:ann-client", "client_secret"),
        (None, "client_secret"),
    ]
    assert "a canary" not in lines.getvalue()


async def test_what_is_refused_is_logged_with_who_asked(world: World, lines: io.StringIO) -> None:
    headers = await world.bearer("ann")
    cookies = {"parley": (await world.sign_in("ben")).cookies["parley"].value}
    absent = RecordId.new(Kind.ENGAGEMENT)
    await call(world, "GET", "/v1/heads", headers)
    await call(world, "GET", f"/v1/engagements/{absent}", headers)
    await call(world, "GET", "/v1/records?wrong=1", headers)
    await call(world, "POST", "/v1/engagements", None, {}, cookies=cookies)
    await call(world, "GET", "/v1/records", {"Authorization": "Bearer forged"})
    await call(world, "GET", "/v1/records", headers)
    assert told(lines, "a request was answered", "caller", "status", "method") == [
        ("client:ann-client", 403, "GET"),
        ("client:ann-client", 404, "GET"),
        ("client:ann-client", 400, "GET"),
        ("person:ben", 403, "POST"),
        (None, 401, "GET"),
    ]
    assert str(absent) not in lines.getvalue()

"""Fault: a number that is not finite (NaN, Infinity, 1e400) in a body. Promise: on every route of the gateway
that writes the caller is told so, and nothing has changed."""

from collections.abc import Mapping
from typing import Any

import asyncpg

from tests.security.conftest import House
from tests.security.endless_numbers import TOLD, bodies_with
from tests.security.out_of_sight import OWNER
from tests.security.rows import rows
from tests.worlds.asking import Request, Seat
from tests.worlds.installed import DECIDING, World

# Of the requests of one route that are alike but for what they name.
OF_EACH = 2
ROUTES = 30
# What was read meanwhile is noted a moment later.
JSON = {"Content-Type": "application/json"}
CHANGES = "select count(*) from events where type <> 'reads.noted.v1'"


async def test_every_route_that_writes_refuses_numbers_without_end(house: House) -> None:
    things = await house.hiding.hide("endless")
    before = await _changes(house.world)
    told = {
        route: {answer for one in asked for answer in await _answers(house.seats[OWNER], one)}
        for route, asks in rows().items()
        if not isinstance(asks, str)
        and (asked := [one for one in asks(things) if _has_json(one)][:OF_EACH])
    }
    assert len(told) > ROUTES
    assert {route: each for route, each in told.items() if each != {TOLD}} == {}
    assert await _changes(house.world) == before


def _has_json(request: Request) -> bool:
    is_file = "Content-Type" in request.headers
    return request.writes and not (request.page or is_file) and isinstance(request.body, Mapping)


async def _answers(seat: Seat, request: Request) -> list[tuple[int, Any]]:
    return [await _asked(seat, request, body) for body in bodies_with(request.body)]


async def _asked(seat: Seat, request: Request, body: bytes) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {seat.token}", "Idempotency-Key": "k", "If-Match": "*"}
    async with seat.world.http.request(
        request.method, request.path, data=body, headers={**headers, **JSON}
    ) as answer:
        told = await answer.json(content_type=None)
        return answer.status, told["code"]


async def _changes(world: World) -> list[int]:
    """How many events each service has, but for those of reads."""
    return [await _counted(world.databases.url(service, "app")) for service in DECIDING]


async def _counted(url: str) -> int:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return int(await connection.fetchval(CHANGES))
    finally:
        await connection.close()

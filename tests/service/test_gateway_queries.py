"""Lists of the partner API: pages, cursors, counts, filters, chosen fields."""

from collections.abc import AsyncIterator

import pytest

from tests.service.gateway_calls import call
from tests.service.gateway_world import World, run_world


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


@pytest.fixture
async def ann(world: World) -> AsyncIterator[dict[str, str]]:
    yield await world.bearer("ann")
    assert world.services.vouched


async def test_pages_follow_one_another_to_the_end(world: World, ann) -> None:
    made = {world.services.hold("place", f"place {number}").id for number in range(5)}
    found, path = [], "/v1/places?page_size=2"
    while path:
        answer, page = await call(world, "GET", path, ann)
        found += [item["id"] for item in page["items"]]
        path = str(answer.links["next"]["url"].relative()) if "next" in answer.links else ""
    assert len(found) == len(set(found))
    assert made <= set(found)
    assert page["next_cursor"] is None


async def test_a_cursor_belongs_to_its_caller_and_its_query(world: World, ann) -> None:
    world.services.hold("place", "here")
    world.services.hold("place", "there")
    _, page = await call(world, "GET", "/v1/places?page_size=1", ann)
    cursor = {"cursor": page["next_cursor"]}
    other, _ = await call(world, "GET", "/v1/places", await world.bearer("ben"), params=cursor)
    another, _ = await call(world, "GET", "/v1/places", ann, params=cursor | {"q": "x"})
    assert (other.status, another.status) == (400, 400)


async def test_a_count_comes_only_when_asked_for(world: World, ann) -> None:
    world.services.hold("place", "here")
    _, plain = await call(world, "GET", "/v1/places", ann)
    _, counted = await call(world, "GET", "/v1/places?count=true", ann)
    assert ("count" in plain, counted["count"] >= 1) == (False, True)


@pytest.mark.parametrize(
    "query", ["colour=red", "page_size=0", "page_size=501", "page_size=x", "count=1", "q=a&q=b"]
)
async def test_a_query_that_is_not_right_is_named(world: World, ann, query: str) -> None:
    answer, body = await call(world, "GET", f"/v1/records?{query}", ann)
    assert answer.status == 400
    assert body["errors"][0]["pointer"] == f"?{query.partition('=')[0]}"


async def test_chosen_fields_come_with_what_handling_needs(world: World, ann) -> None:
    held = world.services.hold("engagement", "talks")
    _, body = await call(world, "GET", f"/v1/records/{held.id}?fields=title", ann)
    assert body.keys() == {"id", "kind", "version", "label", "tags", "title"}

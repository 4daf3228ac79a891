"""The feed: from the first frame on nothing readable is missed, and nothing else is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest

from services.gateway.access.account_commands import (
    GrantAccount,
    ReinstateAccount,
    RevokeGrant,
    SuspendAccount,
)
from services.gateway.access.provisioning import WHY
from shared.bus import Address, open_bus
from shared.contracts.gateway import GrantKind
from tests.service.gateway_edge import soon
from tests.service.gateway_world import World, run_replica, run_world

WAIT_SECONDS = 10


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


@pytest.fixture
async def ann(world: World) -> dict[str, str]:
    return await world.bearer("ann")


@asynccontextmanager
async def feed(
    world: World, headers: Any, path: str = "/v1/events", cursor: Any = None, cookies: Any = None
) -> AsyncIterator[Any]:
    """An async iterator over messages as dicts of their fields."""
    sent = headers | ({"Last-Event-ID": cursor} if cursor else {})
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=WAIT_SECONDS)
    async with world.http.get(path, headers=sent, timeout=timeout, cookies=cookies) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "text/event-stream"
        yield _messages(answer.content)


async def _messages(stream: Any) -> AsyncIterator[dict[str, str]]:
    message: dict[str, str] = {}
    async for raw in stream:
        name, _, value = raw.decode().rstrip("\n").partition(": ")
        if name:
            message[name] = value
        else:
            yield message
            message = {}


async def following(messages: Any) -> Any:
    async with asyncio.timeout(WAIT_SECONDS):
        return await anext(messages)


async def test_the_first_frame_gives_a_place_to_resume_from(world: World, ann) -> None:
    async with feed(world, ann) as messages:
        first = await following(messages)
    assert first["id"]
    assert "data" not in first


async def test_a_change_arrives_as_a_cloud_event(world: World, ann) -> None:
    async with feed(world, ann) as messages:
        await following(messages)
        held = world.services.hold("engagement", "talks")
        world.services.change(held)
        message = await following(messages)
    event = json.loads(message["data"])
    assert message["event"] == "changed"
    assert (event["specversion"], event["subject"]) == ("1.0", held.id)
    assert event["type"] == "parley.engagement.changed"
    assert event["data"] == {"id": held.id, "kind": "engagement", "group": "base"}


async def test_what_is_not_readable_is_not_told(world: World, ann) -> None:
    async with feed(world, ann) as messages:
        await following(messages)
        world.services.change(world.services.hold("engagement", "x", readers={"nobody"}))
        shown = world.services.hold("engagement", "y")
        world.services.change(shown)
        message = await following(messages)
    assert json.loads(message["data"])["subject"] == shown.id


async def test_a_revoked_record_is_told_of_by_id_alone(world: World, ann) -> None:
    async with feed(world, ann) as messages:
        await following(messages)
        held = world.services.hold("engagement", "talks")
        world.services.change(held, "revoked")
        event = json.loads((await following(messages))["data"])
    assert event["type"] == "parley.engagement.revoked"
    assert event["data"] == {"id": held.id, "kind": "engagement"}


async def test_what_happened_while_away_is_told_on_return(world: World, ann) -> None:
    async with feed(world, ann) as messages:
        cursor = (await following(messages))["id"]
    missed = [world.services.hold("place", f"missed {number}") for number in range(3)]
    for held in missed:
        world.services.change(held, source="contacts")
    async with feed(world, ann, cursor=cursor) as messages:
        await following(messages)
        told = [json.loads((await following(messages))["data"])["subject"] for _ in missed]
    assert told == [held.id for held in missed]


async def test_all_cursors_have_one_length(world: World, ann) -> None:
    async with feed(world, ann) as messages:
        first = await following(messages)
        for number in range(3):
            world.services.change(world.services.hold("engagement", f"talks {number}"))
        lengths = {len(first["id"])} | {len((await following(messages))["id"]) for _ in range(3)}
    assert len(lengths) == 1


async def test_one_readers_cursor_means_nothing_to_another(world: World, ann) -> None:
    async with feed(world, ann) as messages:
        cursor = (await following(messages))["id"]
    headers = await world.bearer("ben") | {"Last-Event-ID": cursor}
    async with world.http.get("/v1/events", headers=headers) as answer:
        assert answer.status == 400


async def test_a_record_comes_along_when_asked_for(world: World, ann) -> None:
    async with feed(world, ann, "/v1/events?include=record") as messages:
        await following(messages)
        held = world.services.hold("engagement", "talks in full")
        world.services.change(held)
        data = json.loads((await following(messages))["data"])["data"]
    assert data["record"]["title"]["text"] == "talks in full"
    assert data["version"] == data["record"]["version"]
    assert "source_version" not in data["record"]


async def test_whoever_may_read_otherwise_than_before_is_told_to_start_over(
    world: World, ann
) -> None:
    async with feed(world, ann) as messages:
        await following(messages)
        await world.order("ann", GrantAccount(GrantKind.CAVEAT, "SOURCE", WHY))
        message = await following(messages)
    assert message["event"] == "reset"
    await world.order("ann", RevokeGrant(GrantKind.CAVEAT, "SOURCE", WHY))


async def test_a_revoked_readers_feed_ends(world: World) -> None:
    async with feed(world, await world.bearer("ben")) as messages:
        await following(messages)
        await world.order("ben", SuspendAccount(WHY))
        async with asyncio.timeout(5):
            rest = [message async for message in messages]
    assert rest == []
    await world.order("ben", ReinstateAccount(WHY))


async def test_the_feed_outlives_a_pause_of_reporting(world: World, ann) -> None:
    async with feed(world, ann) as messages:
        await following(messages)
        world.services.down = {"reporting"}
        held = world.services.hold("engagement", "talks")
        world.services.change(held)
        before = world.services.hung_up
        await soon(lambda: world.services.hung_up > before)
        world.services.down = set()
        assert json.loads((await following(messages))["data"])["subject"] == held.id


async def test_the_pull_twin_tells_the_same(world: World, ann) -> None:
    async with world.http.get("/v1/changes", headers=ann) as answer:
        cursor = (await answer.json())["next_cursor"]
    held = world.services.hold("engagement", "talks")
    world.services.change(held)
    async with world.http.get("/v1/changes", headers=ann, params={"since": cursor}) as answer:
        told = await answer.json()
    assert [item["id"] for item in told["items"]] == [held.id]
    assert told["items"][0]["what"] == "changed"


async def test_pages_hear_the_kind_and_the_id_and_nothing_more(world: World) -> None:
    cookies = {"parley": (await world.sign_in("ann")).cookies["parley"].value}
    async with feed(world, {}, "/live", cookies=cookies) as messages:
        await following(messages)
        held = world.services.hold("engagement", "talks")
        world.services.change(held)
        message = await following(messages)
    assert message["event"] == "engagement"
    assert json.loads(message["data"]) == {"topic": "engagement", "id": held.id}


async def test_reporting_wakes_the_feed_over_the_bus(world: World, ann, nats) -> None:
    gateway = world.app.state.gateway
    async with open_bus(nats.url, None, name="test") as bus:
        before = gateway.wake.count

        async def knock() -> bool:
            await bus.publish(Address(gateway.settings.mission, "hq", "reporting").wake, b"")
            await bus.flush()
            return bool(gateway.wake.count > before)

        async with asyncio.timeout(WAIT_SECONDS):
            while not await knock():
                await asyncio.sleep(0.05)
    await soon(lambda: gateway.wake.count > before)


async def test_a_reader_goes_on_at_another_replica_exactly_where_he_was(world: World, ann) -> None:
    async with feed(world, ann) as messages:
        await following(messages)
        first = world.services.hold("engagement", "told here")
        world.services.change(first)
        message = await following(messages)
    missed = [world.services.hold("engagement", f"missed {number}") for number in range(3)]
    for held in missed:
        world.services.change(held)
    async with run_replica(world) as replica, feed(replica, ann, cursor=message["id"]) as messages:
        await following(messages)
        told = [json.loads((await following(messages))["data"])["subject"] for _ in missed]
    assert told == [held.id for held in missed]


async def test_a_hundred_feeds_of_one_reader_cost_reporting_few_looks(world: World, ann) -> None:
    async with AsyncExitStack() as stack:
        feeds = [await stack.enter_async_context(feed(world, ann)) for _ in range(100)]
        await asyncio.gather(*(following(messages) for messages in feeds))
        before = len(world.services.heard)
        held = world.services.hold("engagement", "talks")
        world.services.change(held)
        world.app.state.gateway.wake.call()
        told = await asyncio.gather(*(following(messages) for messages in feeds))
        looks = len(world.services.heard) - before
    assert {json.loads(message["data"])["subject"] for message in told} == {held.id}
    assert looks < 20

"""Webhooks: proved before they are used, verified by anybody, authorised at every attempt."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from services.gateway.access.account_commands import GrantAccount, RevokeGrant
from services.gateway.access.client_commands import ReinstateClient, SuspendClient
from services.gateway.access.provisioning import WHY
from shared.contracts.gateway import GrantKind
from tests.service.gateway_calls import call, keyed
from tests.service.gateway_edge import soon
from tests.service.gateway_world import World, run_world
from tests.service.webhook_receiver import (
    Receiver,
    act,
    activated,
    log_of,
    read,
    registered,
    run_receiver,
)

# A day, compressed: the first wait is 5 s / 24 h of it.
WINDOW_SECONDS = 3.0


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    on_premise: dict[str, Any] = {
        "webhook_networks": "127.0.0.0/8",
        "webhook_window_seconds": WINDOW_SECONDS,
    }
    async with run_world(layout, fresh, nats.url, **on_premise) as made:
        yield made


@pytest.fixture
async def ann(world: World) -> AsyncIterator[dict[str, str]]:
    headers = await world.bearer("ann")
    yield headers
    await world.sql("delete from webhooks")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with run_receiver() as running:
        yield running


def changed(world: World, *titles: str, **more: Any) -> list[str]:
    """Ids of records that changed just now."""
    held = [world.services.hold("engagement", title, **more) for title in titles]
    for one in held:
        world.services.change(one)
    return [one.id for one in held]


async def until_disabled(world: World, headers: Any, hook: Any) -> Any:
    async with asyncio.timeout(20):
        while (told := await read(world, headers, hook))["state"] != "disabled":
            await asyncio.sleep(0.05)
    return told


async def test_a_receiver_proves_itself_before_it_is_sent_anything(world, ann, receiver) -> None:
    receiver.proves = False
    hook = await registered(world, ann, receiver.url)
    refused, problem = await act(world, ann, hook, "activate")
    receiver.proves = True
    taken, told = await act(world, ann, hook, "activate")
    assert (refused.status, problem["code"]) == (409, "not_proved")
    assert (taken.status, told["state"]) == (200, "active")
    assert "secret" not in told


async def test_a_change_is_brought_signed_as_the_reference_library_verifies(
    world, ann, receiver
) -> None:
    hook = await activated(world, ann, receiver.url)
    [record_id] = changed(world, "talks")
    await soon(lambda: receiver.got)
    got = receiver.got[0]
    told = Webhook(hook["secret"]).verify(got.body, got.headers)
    assert told["id"] == got.id
    assert told["data"] == {"id": record_id, "kind": "engagement", "group": "base"}
    assert got.is_signed_by(hook["public_key"])
    assert not got.is_signed_by((await registered(world, ann, receiver.url))["public_key"])


async def test_a_record_comes_along_when_asked_for(world, ann, receiver) -> None:
    await activated(world, ann, receiver.url, include="record")
    changed(world, "talks in full")
    await soon(lambda: receiver.got)
    assert receiver.got[0].event["data"]["record"]["title"]["text"] == "talks in full"


async def test_other_kinds_than_asked_for_are_not_brought(world, ann, receiver) -> None:
    await activated(world, ann, receiver.url, kinds=["place"])
    changed(world, "talks")
    place = world.services.hold("place", "Malakal")
    world.services.change(place)
    await soon(lambda: receiver.got)
    assert receiver.subjects == [place.id]


async def test_what_is_no_longer_releasable_is_withdrawn_before_it_is_sent(
    world, ann, receiver
) -> None:
    hook = await activated(world, ann, receiver.url)
    receiver.status = 500
    [hidden] = changed(world, "hidden soon")
    [shown] = changed(world, "stays")
    await soon(lambda: receiver.refused)
    world.services.records[hidden].readers = {"nobody"}
    # An attempt that asked before may still be under way, so the receiver refuses until none is left.
    await _until_one_is(world, ann, hook, "withdrawn")
    receiver.status = 200
    # The receiver knows of it before the log does.
    await _until_one_is(world, ann, hook, "delivered")
    assert receiver.subjects == [shown]
    log = await log_of(world, ann, hook)
    assert [one["state"] for one in log["items"]] == ["delivered", "withdrawn"]


async def test_a_suspended_client_is_brought_nothing_and_loses_nothing(
    world, ann, receiver
) -> None:
    await activated(world, ann, receiver.url)
    await world.order("ann-client", SuspendClient(WHY))
    world.app.state.gateway.roll.forget()
    told = changed(world, "meanwhile")
    await _looked_at_again(world)
    assert receiver.got == []
    await world.order("ann-client", ReinstateClient(WHY))
    await soon(lambda: receiver.got)
    assert receiver.subjects == told


async def test_a_receiver_down_for_the_whole_window_loses_nothing_and_gets_nothing_twice(
    world, ann, receiver
) -> None:
    hook = await activated(world, ann, receiver.url)
    receiver.status = 503
    told = changed(world, "one", "two", "three")
    disabled = await until_disabled(world, ann, hook)
    told += changed(world, "four", "five")
    attempts = (await log_of(world, ann, hook, "?state=waiting"))["items"][-1]["attempts"]
    receiver.status = 200
    answer, _ = await act(world, ann, hook, "activate")
    await soon(lambda: len(receiver.got) >= len(told))
    again, _ = await act(world, ann, hook, "ping")
    await soon(lambda: len(receiver.got) > len(told))
    assert disabled["why"] == "window_over"
    assert len(attempts) > 5
    assert {one["why"] for one in attempts} == {"status_503"}
    assert (answer.status, again.status) == (200, 202)
    assert [one.event.get("subject") for one in receiver.got] == [*told, None]
    assert len({one.id for one in receiver.got}) == len(receiver.got)


async def test_a_receiver_that_is_gone_is_left_alone_at_once(world, ann, receiver) -> None:
    hook = await activated(world, ann, receiver.url)
    receiver.status = 410
    changed(world, "talks")
    assert (await until_disabled(world, ann, hook))["why"] == "gone"
    assert receiver.refused == 1


async def test_a_receivers_own_time_to_come_back_is_kept(world, ann, receiver) -> None:
    hook = await activated(world, ann, receiver.url)
    receiver.status, receiver.headers = 429, {"Retry-After": "2"}
    changed(world, "talks")
    await soon(lambda: receiver.refused)
    receiver.status = 200
    await _until_one_is(world, ann, hook, "delivered")
    first, second = (await log_of(world, ann, hook))["items"][0]["attempts"]
    waited = _moment(second["at"]) - _moment(first["at"])
    assert waited.total_seconds() >= 1.9


async def test_a_receiver_that_redirects_is_not_followed(world, ann, receiver) -> None:
    hook = await activated(world, ann, receiver.url)
    receiver.status, receiver.headers = 307, {"Location": receiver.url}
    changed(world, "talks")
    await until_disabled(world, ann, hook)
    log = await log_of(world, ann, hook)
    assert {one["why"] for one in log["items"][0]["attempts"]} == {"status_307"}


async def test_one_message_or_a_range_is_brought_again_under_the_same_id(
    world, ann, receiver
) -> None:
    hook = await activated(world, ann, receiver.url)
    changed(world, "one", "two", "three")
    await soon(lambda: len(receiver.got) == 3)
    first = receiver.got[0].id
    _, one = await act(world, ann, hook, "replay", {"message_ids": [first]})
    await soon(lambda: len(receiver.got) == 4)
    _, all_of_them = await act(world, ann, hook, "replay", {"since": "2020-01-01T00:00:00Z"})
    await soon(lambda: len(receiver.got) == 7)
    ids = [got.id for got in receiver.got]
    assert (one["queued"], all_of_them["queued"]) == (1, 3)
    assert ids[3] == first
    assert ids[4:] == ids[:3]


async def test_a_rotated_secret_overlaps_with_the_one_before(world, ann, receiver) -> None:
    hook = await activated(world, ann, receiver.url)
    _, rotated = await act(world, ann, hook, "rotate")
    changed(world, "talks")
    await soon(lambda: receiver.got)
    got = receiver.got[0]
    assert rotated["secret"] != hook["secret"]
    for secret in (hook["secret"], rotated["secret"]):
        Webhook(secret).verify(got.body, got.headers)
    assert got.is_signed_by(hook["public_key"])
    assert got.is_signed_by(rotated["public_key"])


async def test_whose_rights_change_is_told_to_read_again(world, ann, receiver) -> None:
    await activated(world, ann, receiver.url)
    await world.order("ann", GrantAccount(GrantKind.CAVEAT, "SOURCE", WHY))
    await soon(lambda: receiver.got)
    await world.order("ann", RevokeGrant(GrantKind.CAVEAT, "SOURCE", WHY))
    assert receiver.got[0].event["type"] == "parley.feed.reset"


async def test_registering_again_with_the_same_key_makes_no_second(world, ann, receiver) -> None:
    headers, body = keyed(ann, "the-same"), {"url": receiver.url}
    _, first = await call(world, "POST", "/v1/webhooks", headers, body)
    again, second = await call(world, "POST", "/v1/webhooks", headers, body)
    other, problem = await call(
        world, "POST", "/v1/webhooks", headers, {"url": receiver.url, "kinds": ["place"]}
    )
    listed = (await call(world, "GET", "/v1/webhooks", ann))[1]
    assert first == second
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status, problem["code"]) == (422, "idempotency_key_reused")
    assert [one["id"] for one in listed["items"]] == [first["id"]]


async def test_anothers_webhook_is_as_absent_as_none(world, ann, receiver) -> None:
    hook = await registered(world, ann, receiver.url)
    ben = await world.bearer("ben")
    answers = [
        await call(world, "GET", f"/v1/webhooks/{named}", ben) for named in (hook["id"], "0" * 32)
    ]
    bodies = [
        {k: v for k, v in told.items() if k not in ("instance", "request_id")}
        for _, told in answers
    ]
    assert [answer.status for answer, _ in answers] == [404, 404]
    assert bodies[0] == bodies[1]


async def test_a_deleted_webhook_is_brought_nothing(world, ann, receiver) -> None:
    hook = await activated(world, ann, receiver.url)
    answer, _ = await call(world, "DELETE", f"/v1/webhooks/{hook['id']}", ann)
    gone, _ = await call(world, "GET", f"/v1/webhooks/{hook['id']}", ann)
    assert (answer.status, gone.status) == (204, 404)


async def test_secrets_are_not_in_the_table(world, ann, receiver) -> None:
    hook = await registered(world, ann, receiver.url)
    pool = world.app.state.gateway.pool
    stored = await pool.fetchval("select w::text from webhooks w")
    assert hook["secret"].removeprefix("whsec_") not in stored


async def _until_one_is(world: World, headers: Any, hook: Any, state: str) -> None:
    async with asyncio.timeout(10):
        while state not in [one["state"] for one in (await log_of(world, headers, hook))["items"]]:
            await asyncio.sleep(0.01)


async def _looked_at_again(world: World) -> None:
    """Until who is let in has been asked for anew, twice."""
    for _ in range(2):
        world.app.state.gateway.roll.forget()
        await soon(lambda: world.app.state.gateway.roll.fresh)


def _moment(spelled: str) -> datetime:
    return datetime.fromisoformat(spelled)


async def test_outside_an_exercise_there_is_no_sandbox(world, ann, monkeypatch) -> None:
    real = replace(world.app.state.gateway, exercise=False)
    monkeypatch.setattr(world.app.state, "gateway", real)
    answer, _ = await call(
        world, "POST", "/v1/sandbox/events", keyed(ann), {"event": "engagement.planned"}
    )
    assert answer.status == 404

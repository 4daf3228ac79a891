"""The webhooks' pages of a gateway that serves: a person answers for what his machine clients registered."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.service.gateway_edge import soon
from tests.service.gateway_world import World, run_world
from tests.service.webhook_receiver import Receiver, activated, log_of, read, run_receiver

CSRF, KEY = (re.compile(rf'name="{name}" value="([^"]+)"') for name in ("csrf_token", "key"))


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    on_premise: dict[str, Any] = {"webhook_networks": "127.0.0.0/8"}
    async with run_world(layout, fresh, nats.url, pages=True, **on_premise) as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with run_receiver() as running:
        yield running


async def cookie(world: World, name: str) -> dict[str, str]:
    return {"parley": (await world.sign_in(name)).cookies["parley"].value}


async def got(world: World, path: str, cookies: dict[str, str]) -> tuple[int, str]:
    async with world.http.get(path, cookies=cookies) as answer:
        return answer.status, await answer.text()


async def sent(world: World, cookies: dict[str, str], page: str, verb: str, **fields: str) -> int:
    _, form = await got(world, page, cookies)
    hidden = {"csrf_token": CSRF.findall(form)[-1], "key": KEY.findall(form)[-1]}
    async with world.http.post(
        f"{page}/{verb}", data=hidden | fields, cookies=cookies, allow_redirects=False
    ) as answer:
        return answer.status


async def test_a_test_sent_from_the_page_arrives_and_is_in_the_log(world, receiver) -> None:
    ann, theirs = await world.bearer("ann"), await cookie(world, "ann")
    hook = await activated(world, ann, receiver.url)
    _, listed = await got(world, "/webhooks", theirs)
    assert receiver.url in listed
    page = f"/webhooks/{hook['id']}"
    assert await sent(world, theirs, page, "ping") == 303
    await soon(lambda: receiver.got)
    [message] = (await log_of(world, ann, hook))["items"]
    _, shown = await got(world, page, theirs)
    assert message["id"][:12] in shown
    receiver.got.clear()
    assert await sent(world, theirs, page, "replay", message=message["id"]) == 303
    await soon(lambda: receiver.got)
    assert receiver.got[0].id == message["id"]


async def test_a_person_stops_a_webhook_and_lets_it_go_on(world, receiver) -> None:
    ann, theirs = await world.bearer("ann"), await cookie(world, "ann")
    hook = await activated(world, ann, receiver.url)
    page = f"/webhooks/{hook['id']}"
    assert await sent(world, theirs, page, "disable") == 303
    assert (await read(world, ann, hook))["state"] == "disabled"
    _, shown = await got(world, page, theirs)
    assert "Somebody of its owner stopped it." in shown
    assert await sent(world, theirs, page, "activate") == 303
    assert (await read(world, ann, hook))["state"] == "active"


async def test_of_others_webhooks_there_is_no_page(world, receiver) -> None:
    hook = await activated(world, await world.bearer("ann"), receiver.url)
    theirs = await cookie(world, "ben")
    _, listed = await got(world, "/webhooks", theirs)
    assert hook["id"] not in listed
    assert (await got(world, f"/webhooks/{hook['id']}", theirs))[0] == 404
    assert (await got(world, "/webhooks/no-such", theirs))[0] == 404

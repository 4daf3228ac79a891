"""Passkeys: added by who has just signed in, and what a device must say to let somebody in."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World, run_replica, run_world
from tests.service.soft_device import PRESENT, VERIFIED, Device

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
NOT_PROVEN = (403, "not_proven")
OPTIONS, ENTER = "/sign-in/passkey/options", "/sign-in/passkey"
OWN, OWN_OPTIONS = "/account/passkeys", "/account/passkeys/options"


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url, pages=True) as made:
        yield made


class Browser:
    """Somebody signed in by password, with the page's token."""

    def __init__(self, world: World, cookie: str, csrf: str) -> None:
        self.world, self.cookies, self.csrf = world, {"parley": cookie}, csrf

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        sent = {"X-CSRF-Token": self.csrf} | headers
        async with self.world.http.post(
            path, json=body, cookies=self.cookies, headers=sent
        ) as answer:
            return answer.status, await answer.json()

    async def add(self, device: Device, name: str = "Laptop") -> tuple[int, Any]:
        _, asked = await self.post(OWN_OPTIONS, {})
        return await self.post(OWN, {"name": name, "credential": device.make(asked)})

    async def page(self) -> str:
        async with self.world.http.get("/account", cookies=self.cookies) as answer:
            assert answer.status == 200
            return await answer.text()


async def browser_of(world: World, name: str) -> Browser:
    cookie = (await world.sign_in(name)).cookies["parley"].value
    async with world.http.get("/account", cookies={"parley": cookie}) as page:
        return Browser(world, cookie, CSRF.findall(await page.text())[0])


@pytest.fixture(scope="module")
async def ann(world: World) -> Browser:
    return await browser_of(world, "ann")


@pytest.fixture(scope="module")
async def device(world: World, ann: Browser) -> Device:
    """Ann's."""
    made = Device(world.url)
    assert (await ann.add(made))[0] == 200
    return made


async def entered(world: World, credential: Any, **headers: str) -> tuple[int, Any, str]:
    """Status, what is told, and the session's cookie, if any."""
    body = {"credential": credential, "next": "/here"}
    async with world.http.post(ENTER, json=body, headers=headers) as answer:
        session = answer.cookies.get("parley")
        return answer.status, await answer.json(), session.value if session else ""


async def challenged(world: World) -> dict[str, Any]:
    async with world.http.post(OPTIONS, json={}) as answer:
        told: dict[str, Any] = await answer.json()
        assert (told["userVerification"], told["rpId"]) == ("required", "localhost")
        return told


async def refusal(world: World, credential: Any) -> tuple[int, str]:
    status, told, session = await entered(world, credential)
    assert session == ""
    return status, told["code"]


async def test_a_device_lets_its_person_in_without_a_name_typed(
    world: World, device: Device
) -> None:
    status, told, session = await entered(world, device.sign(await challenged(world)))
    assert (status, told) == (200, {"to": "/here"})
    async with world.http.get("/v1/records", cookies={"parley": session}) as answer:
        assert answer.status == 200
    assert world.services.heard[-1].principal.subject == "ann"


async def test_a_sign_in_by_passkey_is_a_fresh_one(world: World, device: Device) -> None:
    _, _, session = await entered(world, device.sign(await challenged(world)))
    async with world.http.get("/account", cookies={"parley": session}) as page:
        assert "First, sign in again" not in await page.text()


async def test_its_page_shows_it_with_its_name_and_its_use(
    world: World, ann: Browser, device: Device
) -> None:
    assert 'value="Laptop"' in await ann.page()


async def test_an_answer_holds_once_on_all_replicas(world: World, ann: Browser) -> None:
    """Also that of a device that does not count."""
    synced = Device(world.url, count=None)
    await ann.add(synced, "Tablet")
    signed = synced.sign(await challenged(world))
    async with run_replica(world) as other:
        assert (await entered(other, signed))[0] == 200
    assert await refusal(world, signed) == NOT_PROVEN


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "http://localhost:1"},
        {"origin": "https://elsewhere.example"},
        {"host": "elsewhere.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"more": {"crossOrigin": True}},
        {"more": {"type": "webauthn.create"}},
        {"more": {"challenge": "AAAA"}},
        {"handle": b"somebody else"},
        {"handle": b""},
        {"private": Device("").private},
        {"credential_id": b"unknown"},
    ],
    ids=str,
)
async def test_what_a_device_says_otherwise_lets_nobody_in(
    world: World, device: Device, changed: dict[str, Any]
) -> None:
    kept = {name: getattr(device, name) for name in changed}
    for name, value in changed.items():
        setattr(device, name, value)
    signed = device.sign(await challenged(world))
    for name, value in kept.items():
        setattr(device, name, value)
    assert await refusal(world, signed) == NOT_PROVEN
    assert (await entered(world, device.sign(await challenged(world))))[0] == 200


async def test_a_challenge_is_for_one_purpose(world: World, ann: Browser, device: Device) -> None:
    _, asked = await ann.post(OWN_OPTIONS, {})
    assert await refusal(world, device.sign(asked)) == NOT_PROVEN
    _, own = await ann.post(OWN_OPTIONS, {})
    other = Device(world.url).make(own | {"challenge": (await challenged(world))["challenge"]})
    assert (await ann.post(OWN, {"name": "x", "credential": other}))[0] == 422


async def test_a_challenge_is_for_one_person(world: World, ann: Browser) -> None:
    ben = await browser_of(world, "ben")
    _, asked = await ann.post(OWN_OPTIONS, {})
    told = {"name": "Ben's", "credential": Device(world.url).make(asked)}
    assert (await ben.post(OWN, told))[0] == 422


async def test_a_copy_of_a_device_is_found_out(world: World, ann: Browser) -> None:
    copied = Device(world.url)
    assert (await ann.add(copied, "Key"))[0] == 200
    assert (await entered(world, copied.sign(await challenged(world))))[0] == 200
    copied.count = 0
    assert await refusal(world, copied.sign(await challenged(world))) == NOT_PROVEN


async def test_a_device_that_does_not_count_is_taken(world: World, ann: Browser) -> None:
    synced = Device(world.url, count=None)
    assert (await ann.add(synced, "Phone"))[0] == 200
    for _ in range(2):
        assert (await entered(world, synced.sign(await challenged(world))))[0] == 200


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"id": "AA"},
        {"response": 5},
        {"rawId": 5, "response": {}},
        {"rawId": "AA", "response": {"clientDataJSON": "e30"}},
    ],
    ids=str,
)
async def test_what_is_no_answer_lets_nobody_in(world: World, told: Any) -> None:
    assert await refusal(world, told) == NOT_PROVEN


@pytest.mark.parametrize("part", ["attestationObject", "clientDataJSON"])
async def test_a_passkey_that_cannot_be_read_is_not_added(
    world: World, ann: Browser, part: str
) -> None:
    _, asked = await ann.post(OWN_OPTIONS, {})
    told = Device(world.url).make(asked)
    for spoiled in ("", "gA", "o2NmbXRkbm9uZQ", told["response"][part][:-9]):
        told["response"][part] = spoiled
        assert (await ann.post(OWN, {"name": "x", "credential": told}))[0] == 422


async def test_a_page_elsewhere_signs_nobody_in(world: World, device: Device) -> None:
    signed = device.sign(await challenged(world))
    status, told, _ = await entered(world, signed, Origin="https://elsewhere.example")
    assert (status, told["code"]) == (403, "csrf")


async def test_it_takes_the_pages_token_and_a_fresh_sign_in(world: World, ann: Browser) -> None:
    forged = Browser(world, ann.cookies["parley"], "forged")
    assert (await forged.post(OWN_OPTIONS, {}))[1]["code"] == "csrf"
    async with world.http.post(OWN_OPTIONS, json={}) as nobody:
        assert nobody.status == 401
    stale = await browser_of(world, "ann")
    await world.sql("update sessions set proved_at = now() - interval '11 minutes'")
    assert (await stale.post(OWN_OPTIONS, {}))[1]["code"] == "sign_in_again"
    assert "First, sign in again" in await stale.page()
    await world.sql("update sessions set proved_at = null")


async def form(world: World, browser: Browser, path: str, **fields: str) -> int:
    sent = {"csrf_token": browser.csrf, "key": path, **fields}
    async with world.http.post(
        path, data=sent, cookies=browser.cookies, allow_redirects=False
    ) as answer:
        return answer.status


async def test_its_person_names_it_anew_and_removes_it(world: World) -> None:
    ben, own = await browser_of(world, "ben"), Device(world.url)
    await ben.add(own, "Old name")
    [passkey_id] = re.findall(r"/account/passkeys/(\w+)/rename", await ben.page())
    path = f"/account/passkeys/{passkey_id}"
    assert await form(world, ben, f"{path}/rename", name="New name") == 303
    assert 'value="New name"' in await ben.page()
    ann = await browser_of(world, "ann")
    assert await form(world, ann, f"{path}/rename", name="Ann's") == 404
    assert await form(world, ann, f"{path}/remove") == 303
    assert (await entered(world, own.sign(await challenged(world))))[0] == 200
    assert await form(world, ben, f"{path}/remove") == 303
    assert await refusal(world, own.sign(await challenged(world))) == NOT_PROVEN
    assert "You have none yet." in await ben.page()


async def test_a_security_officer_takes_it_away_and_its_sessions_end(world: World) -> None:
    witness, lost = await browser_of(world, "witness"), Device(world.url)
    await witness.add(lost, "Lost phone")
    headers = await world.bearer("officer")
    _, found = await call(world, "GET", "/v1/access/people?q=witness", headers)
    [row] = found["items"]
    path = f"/v1/access/people/{row['id']}"
    body = {"passkey_id": row["passkeys"][0]["id"], "reason": "It was lost"}
    answer, _ = await call(world, "POST", f"{path}/remove_passkey", keyed(headers), body)
    assert answer.status == 200
    async with asyncio.timeout(5):
        while (await world.http.get("/v1/records", cookies=witness.cookies)).status != 401:
            await asyncio.sleep(0.1)
    assert await refusal(world, lost.sign(await challenged(world))) == NOT_PROVEN
    _, told = await call(world, "GET", f"{path}/history", headers)
    removed, added = told["items"][:2]
    assert removed["type"] == "account.passkey_removed.v1"
    assert added["fields"]["credential_id"]


async def test_whoever_is_suspended_is_not_let_in(world: World, device: Device) -> None:
    headers = await world.bearer("officer")
    _, found = await call(world, "GET", "/v1/access/people?q=ann", headers)
    path = f"/v1/access/people/{found['items'][0]['id']}"
    await call(world, "POST", f"{path}/suspend", keyed(headers), {"reason": "Leave"})
    assert await refusal(world, device.sign(await challenged(world))) == NOT_PROVEN
    await call(world, "POST", f"{path}/reinstate", keyed(headers), {"reason": "Back"})
    assert (await entered(world, device.sign(await challenged(world))))[0] == 200


async def test_where_there_is_no_name_there_are_no_passkeys_and_it_is_said(
    world: World, ann: Browser
) -> None:
    gateway = world.app.state.gateway
    number = gateway.settings.model_copy(
        update={"public_url": world.url.replace("localhost", "127.0.0.1")}
    )
    host = {"Host": "127.0.0.1:1"}
    async with world.http.get("/account", cookies=ann.cookies, headers=host) as page:
        assert f"They are at <bdi>{world.url}</bdi>" in await page.text()
    object.__setattr__(gateway, "settings", number)
    try:
        assert "no host name behind TLS" in await ann.page()
        async with world.http.post(OPTIONS, json={}) as answer:
            assert answer.status == 404
        async with world.http.get("/sign-in") as page:
            assert "data-passkey-enter" not in await page.text()
    finally:
        object.__setattr__(gateway, "settings", number.model_copy(update={"public_url": world.url}))

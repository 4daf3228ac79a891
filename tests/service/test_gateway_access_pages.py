"""Access administered on the pages of a gateway that serves: what a form says is done, and is in force."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.service.assertions import asked, claims_of, new_pair, signed
from tests.service.gateway_calls import call
from tests.service.gateway_world import World, run_world

CSRF, KEY = (re.compile(rf'name="{name}" value="([^"]+)"') for name in ("csrf_token", "key"))
SECONDS = 5
HEADING = re.compile(r"<h1>(.*?)</h1>")


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url, pages=True) as made:
        yield made


@pytest.fixture(scope="module")
async def officer(world: World) -> dict[str, str]:
    """The administrator's cookie."""
    return await cookie(world, "officer")


async def cookie(world: World, name: str) -> dict[str, str]:
    return {"parley": (await world.sign_in(name)).cookies["parley"].value}


async def got(world: World, path: str, cookies: dict[str, str]) -> tuple[int, str]:
    async with world.http.get(path, cookies=cookies) as answer:
        return answer.status, await answer.text()


async def sent(
    world: World, path: str, cookies: dict[str, str], **fields: str
) -> tuple[int, str, str]:
    """A form of the page at `path`, filled in and sent: status, where it leads, and what is shown."""
    _, form = await got(world, path, cookies)
    hidden = {"csrf_token": CSRF.findall(form)[-1], "key": KEY.findall(form)[-1]}
    address = path.split("?")[0]
    async with world.http.post(
        address, data=hidden | fields, cookies=cookies, allow_redirects=False
    ) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def is_out(world: World, cookies: dict[str, str]) -> None:
    async with asyncio.timeout(SECONDS):
        while (await world.http.get("/v1/records", cookies=cookies)).status != 401:
            await asyncio.sleep(0.1)


async def id_of(world: World, family: str, words: str) -> str:
    headers = await world.bearer("officer")
    _, told = await call(world, "GET", f"/v1/access/{family}?q={words}", headers)
    return str(told["items"][0]["id"])


async def test_a_person_is_enrolled_given_a_password_and_signs_in(world: World, officer) -> None:
    headers = await world.bearer("officer")
    _, told = await call(world, "GET", "/v1/access/people?q=ann", headers)
    status, place, _ = await sent(
        world, "/access/people/new", officer, display_name="Nadia", username="nadia", level="public",
        organisation=told["items"][0]["organisation_id"], language="en", reason="Joined",
    )  # fmt: skip
    assert status == 303
    _, shown = await got(world, place, officer)
    assert HEADING.findall(shown) == ["<bdi>Nadia</bdi>"]
    _, _, told = await sent(world, f"{place}/reset_password", officer, reason="First one")
    [secret] = re.findall(r'id="secret"[^>]*value="([^"]+)"', told)
    form = {"username": "nadia", "password": secret, "next": "/here"}
    async with world.http.post("/sign-in", data=form, allow_redirects=False) as signed_in:
        assert signed_in.headers["Location"] == "/password?done=first"


async def test_a_form_sent_twice_is_done_once(world: World, officer) -> None:
    path = f"/access/people/{await id_of(world, 'people', 'witness')}/grant"
    _, form = await got(world, path, officer)
    fields = {"csrf_token": CSRF.findall(form)[-1], "key": KEY.findall(form)[-1], "reason": "Roster",
              "what": "community:local"}  # fmt: skip
    for _ in range(2):
        async with world.http.post(path, data=fields, cookies=officer) as answer:
            assert answer.status == 200
    _, shown = await got(world, path.removesuffix("/grant"), officer)
    assert shown.count("Roster</p>") == 1


async def test_who_is_suspended_on_the_page_is_out_of_his_session(world: World, officer) -> None:
    theirs = await cookie(world, "ben")
    path = f"/access/people/{await id_of(world, 'people', 'ben')}"
    status, _, _ = await sent(world, f"{path}/suspend", officer, reason="Lost device")
    assert status == 303
    await is_out(world, theirs)
    _, shown = await got(world, path, officer)
    assert "nobody is let in by it" in shown
    await sent(world, f"{path}/reinstate", officer, reason="Found again")


async def test_people_are_found_by_what_they_hold_and_when_it_ends(world: World, officer) -> None:
    path = f"/access/people/{await id_of(world, 'people', 'loader')}"
    soon = {"what": "caveat:SOURCE", "expires_date": "2099-01-01", "reason": "For a day"}
    await sent(world, f"{path}/grant", officer, **soon)
    assert await listed(world, officer, "people?holds=caveat:SOURCE") == ["Loader"]
    assert await listed(world, officer, "people?holds=role:witness") == ["Witness"]
    assert await listed(world, officer, "people?holds=role:witness&q=ann") == []
    assert await listed(world, officer, "people?expiring=90") == []
    assert await listed(world, officer, "people?standing=suspended") == []
    assert "Ann" in await listed(world, officer, "people?level=confidential&standing=active")


async def test_clients_are_told_with_the_person_that_limits_them(world: World, officer) -> None:
    _, shown = await got(
        world, f"/access/clients/{await id_of(world, 'clients', 'ben-client')}", officer
    )
    # Ben reaches further than his client's own ceiling.
    assert "May read up to <bdi>Unclassified</bdi>." in shown
    people = await id_of(world, "people", "ben")
    assert f"/access/people/{people}" in shown


async def test_a_client_is_given_a_key_and_what_is_none_is_named(world: World, officer) -> None:
    path = f"/access/clients/{await id_of(world, 'clients', 'ann-client')}"
    why = {"reason": "Instead of the secret"}
    status, _, shown = await sent(world, f"{path}/add_key", officer, public_key="none", **why)
    assert (status, "Give a public key as JWK or as PEM." in shown) == (422, True)
    pair = new_pair()
    status, _, _ = await sent(
        world, f"{path}/add_key", officer, public_key=pair.public_pem.replace("\n", "\r\n"), **why
    )
    assert status == 303
    _, shown = await got(world, path, officer)
    assert "<b>Key</b> <bdi>EdDSA</bdi>" in shown
    assert (await asked(world, signed(pair, claims_of(world, "ann-client"))))[0] == 200
    [key_id] = re.findall(r"end_credential\?what=([\w-]{43})", shown)
    status, _, _ = await sent(
        world, f"{path}/end_credential?what={key_id}", officer, what=key_id, **why
    )
    assert status == 303
    assert (await asked(world, signed(pair, claims_of(world, "ann-client"))))[0] == 401


async def test_what_somebody_changed_meanwhile_is_not_overwritten(world: World, officer) -> None:
    path = f"/access/people/{await id_of(world, 'people', 'ann')}"
    _, form = await got(world, f"{path}/amend", officer)
    [seen] = re.findall(r'name="version" value="([^"]+)"', form)
    home = re.findall(r'<option value="([^"]+)" selected', form)[0]
    kept = {"username": "ann", "language": "en", "organisation": home, "reason": "Misspelt"}
    status, _, _ = await sent(
        world, f"{path}/amend", officer, display_name="Anne", version=seen, **kept
    )
    assert status == 303
    status, _, told = await sent(
        world, f"{path}/amend", officer, display_name="Anna", version=seen, **kept
    )
    assert (status, "Somebody changed this meanwhile" in told) == (422, True)


async def test_of_his_own_access_an_administrator_adds_nothing(world: World, officer) -> None:
    path = f"/access/people/{await id_of(world, 'people', 'officer')}"
    status, shown = await got(world, path, officer)
    assert (status, "This is your own access" in shown) == (200, True)
    assert (await got(world, f"{path}/set_level", officer))[0] == 404


@pytest.mark.parametrize("path", ["", "/people", "/people/new", "/clients/no-such", "/partners"])
async def test_to_everybody_else_access_is_no_page(world: World, path: str) -> None:
    status, _ = await got(world, f"/access{path}", await cookie(world, "ann"))
    assert status == 404


async def listed(world: World, officer: dict[str, str], address: str) -> list[Any]:
    _, shown = await got(world, f"/access/{address}", officer)
    return re.findall(r'<td class="title"><a [^>]+><bdi>(.*?)</bdi>', shown)

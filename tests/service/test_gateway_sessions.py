"""Sessions, tokens and what is sent: when each ends, and what is refused of it."""

import io
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import jwt
import pytest

from shared.http_edge import FILE_LIMIT_BYTES
from shared.ids import Kind, RecordId
from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World, run_world

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url, pages=True) as made:
        yield made


async def session(world: World, name: str = "ann", **more: Any) -> str:
    line = world.people[name]
    form = {"username": line["username"], "password": line["password"]}
    async with world.http.post("/sign-in", data=form, allow_redirects=False, **more) as answer:
        value: str = answer.cookies["parley"].value
        return value


async def holds(world: World, value: str) -> bool:
    async with world.http.get("/v1/records", cookies={"parley": value}) as answer:
        return answer.status == 200


async def nearer(world: World, by: str) -> None:
    """The end of every session, all of them in use."""
    await world.sql(f"update sessions set ends_at = ends_at - interval '{by}'")  # noqa: S608 - ours


async def test_signing_in_makes_a_new_session_and_ends_the_old(world: World) -> None:
    first = await session(world)
    second = await session(world, cookies={"parley": first})
    assert re.fullmatch(r"[0-9a-f]{64}", first)
    assert (first == second, await holds(world, first), await holds(world, second)) == (
        False,
        False,
        True,
    )


async def test_a_session_a_browser_was_given_by_somebody_else_is_not_taken_over(
    world: World,
) -> None:
    planted = "0" * 64
    assert await session(world, cookies={"parley": planted}) != planted
    assert not await holds(world, planted)


async def test_a_session_ends_after_its_whole_time_however_busy(world: World) -> None:
    value = await session(world)
    await nearer(world, "11 hours")
    assert await holds(world, value)
    await nearer(world, "61 minutes")
    assert not await holds(world, value)


async def test_who_signs_out_is_out(world: World) -> None:
    value = await session(world)
    async with world.http.get("/more", cookies={"parley": value}) as page:
        [token, *_] = TOKEN.findall(await page.text())
    form = {"csrf_token": token}
    async with world.http.post("/sign-out", data=form, cookies={"parley": value}) as answer:
        assert answer.status == 200
    assert not await holds(world, value)


async def test_who_guessed_too_often_is_told_to_wait(world: World) -> None:
    for _ in range(10):
        await world.sign_in("loader", "wrong")
    where = (await world.sign_in("loader")).headers["Location"]
    await world.sql("delete from sign_in_failures")
    async with world.http.get(where) as page:
        assert "Too many attempts" in await page.text()


async def test_what_was_typed_is_shown_as_text(world: World) -> None:
    value = await session(world)
    for path in (f"/sign-in?failed=x&next=/{quote(SCRIPT)}", f"/search?q={quote(SCRIPT)}"):
        async with world.http.get(path, cookies={"parley": value}) as page:
            shown = await page.text()
        assert "alert(1)" in shown
        assert SCRIPT not in shown


async def test_an_access_token_ends_after_ten_minutes(world: World) -> None:
    tokens, token = world.app.state.gateway.tokens, await world.token("ann")
    claims = jwt.decode(token, options={"verify_signature": False})
    over = claims | {"iat": claims["iat"] - 600, "exp": claims["exp"] - 600}
    old = jwt.encode(over, tokens.key, "EdDSA", headers=jwt.get_unverified_header(token))
    answer, told = await call(world, "GET", "/v1/records", {"Authorization": f"Bearer {old}"})
    assert (claims["exp"] - claims["iat"], answer.status, told["code"]) == (
        600,
        401,
        "token_expired",
    )


async def test_a_parameter_given_twice_is_refused(world: World) -> None:
    headers = await world.bearer("ann")
    answer, told = await call(world, "GET", "/v1/records?page_size=1&page_size=2", headers)
    assert (answer.status, told["errors"][0]["code"]) == (400, "repeated")


async def test_a_file_larger_than_the_limit_is_refused(world: World) -> None:
    path = f"/v1/commitments/{RecordId.new(Kind.COMMITMENT)}/attachments?name=large.txt"
    headers, large = keyed(await world.bearer("ann")), io.BytesIO(b"x" * (FILE_LIMIT_BYTES + 1))
    async with world.http.post(path, data=large, headers=headers) as answer:
        assert answer.status == 413

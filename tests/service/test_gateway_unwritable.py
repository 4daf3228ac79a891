"""What no form of ours sends, and no text can hold, is refused in words: never a fault of ours."""

from collections.abc import AsyncIterator

import pytest

from tests.service.gateway_world import World, run_world

NUL = "\x00"


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url, pages=True) as made:
        yield made


async def cookie(world: World, name: str) -> dict[str, str]:
    return {"parley": (await world.sign_in(name)).cookies["parley"].value}


async def token_of(world: World, cookies: dict[str, str]) -> str:
    async with world.http.get("/password", cookies=cookies) as page:
        return (await page.text()).partition('name="csrf_token" value="')[2].partition('"')[0]


async def test_nobody_is_called_by_a_character_no_name_can_hold(world: World) -> None:
    form = {"username": f"ann{NUL}", "password": "whatever"}
    async with world.http.post("/sign-in", data=form, allow_redirects=False) as answer:
        assert answer.headers["Location"].startswith("/sign-in?failed=not_right")


@pytest.mark.parametrize("path", ["people?q=%00", "people?organisation=%00", "clients?account=%00"])
async def test_an_address_that_holds_one_is_refused_in_words(world: World, path: str) -> None:
    officer = await cookie(world, "officer")
    async with world.http.get(f"/access/{path}", cookies=officer) as answer:
        assert (answer.status, "That did not work" in await answer.text()) == (400, True)


@pytest.mark.parametrize(
    "fields",
    [{"what": f"A promise{NUL}"}, {"what": "A promise", "party_id": "nobody"}],
)
async def test_a_form_that_no_page_made_is_refused_in_words(world: World, fields) -> None:
    ann = await cookie(world, "ann")
    form = {"csrf_token": await token_of(world, ann), "key": "a-key"} | fields
    async with world.http.post("/commitments/new", data=form, cookies=ann) as answer:
        assert (answer.status, "That did not work" in await answer.text()) == (400, True)

"""A person changes his own password, sees his sessions, and ends those he does not know."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World, run_world

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
THREE_DAYS_LATER = "update credentials set holds_until = holds_until - interval '72 hours'"
NEW = "  kettle Orbit plümage سنبلة 🐪 "


@pytest.fixture
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url, pages=True) as made:
        yield made


async def session(world: World, name: str = "ann", password: str | None = None) -> dict[str, str]:
    signed_in = await world.sign_in(name, password)
    return {"parley": signed_in.cookies["parley"].value}


async def holds(world: World, cookies: dict[str, str]) -> bool:
    async with world.http.get("/v1/records", cookies=cookies) as answer:
        return answer.status == 200


async def sent(world: World, path: str, cookies: dict[str, str], **fields: str) -> Any:
    async with world.http.get("/password", cookies=cookies) as page:
        [token, *_] = TOKEN.findall(await page.text())
    form = {"csrf_token": token} | fields
    async with world.http.post(path, data=form, cookies=cookies, allow_redirects=False) as answer:
        return answer


async def changed(world: World, cookies: dict[str, str], new: str = NEW, **other: str) -> Any:
    fields = {"current": world.people["ann"]["password"], "new": new, "again": new} | other
    return await sent(world, "/password", cookies, **fields)


async def test_a_person_changes_his_password_and_every_other_session_ends(world: World) -> None:
    here, elsewhere = await session(world), await session(world)
    answer = await changed(world, here)
    assert answer.headers["Location"] == "/password?done=changed"
    anew = {"parley": answer.cookies["parley"].value}
    assert [await holds(world, one) for one in (here, elsewhere, anew)] == [False, False, True]
    assert (await world.sign_in("ann")).headers["Location"].startswith("/sign-in?failed=")
    assert await holds(world, await session(world, password=NEW))


async def test_it_takes_the_present_password(world: World) -> None:
    here = await session(world)
    answer = await changed(world, here, current="wrong")
    assert answer.headers["Location"] == "/password?wrong=not_right"
    assert await holds(world, here)
    assert await holds(world, await session(world))


async def test_guessing_the_present_password_is_slowed_down(world: World) -> None:
    here = await session(world)
    for _ in range(10):
        await changed(world, here, current="wrong")
    assert (await changed(world, here)).headers["Location"] == "/password?wrong=too_many"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"again": "something else entirely"}, "differs"),
        ({"new": "short", "again": "short"}, "short"),
        ({"new": "ann parley liaison 2026", "again": "ann parley liaison 2026"}, "easy"),
        ({"new": "Manchester United 99", "again": "Manchester United 99"}, "known"),
        ({"new": "x" * 1_025, "again": "x" * 1_025}, "long"),
    ],
)
async def test_what_cannot_be_taken_is_said_in_words(world: World, fields, why: str) -> None:
    here = await session(world)
    answer = await changed(world, here, **fields)
    assert answer.headers["Location"] == f"/password?wrong={why}"
    async with world.http.get(answer.headers["Location"], cookies=here) as page:
        assert 'class="notice danger"' in await page.text()


async def test_the_same_password_is_no_new_one(world: World) -> None:
    old, here = world.people["ann"]["password"], await session(world)
    assert (await changed(world, here, old)).headers["Location"] == "/password?wrong=same"


async def test_a_password_is_taken_exactly_as_it_was_typed(world: World) -> None:
    await changed(world, await session(world))
    for nearly in (NEW.strip(), NEW.casefold(), NEW[:-1], f"{NEW} "):
        assert "parley" not in (await world.sign_in("ann", nearly)).cookies
    assert "parley" in (await world.sign_in("ann", NEW)).cookies
    connection = world.app.state.gateway.pool
    kept = await connection.fetch("select secret_hash from credentials")
    assert {row["secret_hash"].split("$")[1] for row in kept} == {"argon2id"}


async def given(world: World) -> str:
    """A new password, from an administrator."""
    officer = await world.bearer("officer")
    _, found = await call(world, "GET", "/v1/access/people?q=ann", officer)
    path = f"/v1/access/people/{found['items'][0]['id']}/reset_password"
    _, told = await call(world, "POST", path, keyed(officer), {"reason": "Forgotten"})
    return str(told["secret"])


async def test_a_password_that_was_given_soon_ends_and_a_chosen_one_does_not(world: World) -> None:
    first = await given(world)
    signed_in = await world.sign_in("ann", first)
    assert signed_in.headers["Location"] == "/password?done=first"
    here = {"parley": signed_in.cookies["parley"].value}
    async with world.http.get("/password?done=first", cookies=here) as page:
        assert "Choose one of your own" in await page.text()
    await changed(world, here, current=first)
    await world.sql(THREE_DAYS_LATER)
    assert (await world.sign_in("ann", NEW)).headers["Location"] == "/here"
    second = await given(world)
    await world.sql(THREE_DAYS_LATER)
    assert "parley" not in (await world.sign_in("ann", second)).cookies


async def test_a_change_is_in_the_history_of_the_account(world: World) -> None:
    await changed(world, await session(world))
    officer = await world.bearer("officer")
    _, found = await call(world, "GET", "/v1/access/people?q=ann", officer)
    path = f"/v1/access/people/{found['items'][0]['id']}/history"
    _, told = await call(world, "GET", path, officer)
    assert (told["items"][0]["type"], told["items"][0]["by"]) == ("account.password_set.v1", "ann")


async def test_a_form_of_another_session_changes_nothing(world: World) -> None:
    here = await session(world)
    form = {"csrf_token": "forged", "current": world.people["ann"]["password"]}
    for path in ("/password", "/sessions/end"):
        async with world.http.post(path, data=form, cookies=here) as answer:
            assert answer.status == 403
    assert await holds(world, await session(world))


async def test_a_person_sees_his_sessions_and_ends_the_others(world: World) -> None:
    here, elsewhere, somebody = (
        await session(world),
        await session(world),
        await session(world, "ben"),
    )
    async with world.http.get("/password", cookies=here) as page:
        shown = await page.text()
    assert (shown.count("<b>Here</b>"), shown.count("<b>Elsewhere</b>")) == (1, 1)
    refused = await sent(world, "/sessions/end", here, current="wrong")
    assert refused.headers["Location"] == "/password?unended=not_right"
    assert await holds(world, elsewhere)
    answer = await sent(world, "/sessions/end", here, current=world.people["ann"]["password"])
    assert answer.headers["Location"] == "/password?done=ended"
    assert [await holds(world, one) for one in (here, elsewhere, somebody)] == [True, False, True]


async def test_who_has_no_password_ends_them_when_he_has_just_signed_in(world: World) -> None:
    """As whoever comes in through a provider: what he last proved counts."""
    here, elsewhere = await session(world), await session(world)
    await world.sql("update access_accounts set password_id = null where account_id = 'ann'")
    await world.sql("update sessions set proved_at = signed_in_at - interval '1 hour'")
    refused = await sent(world, "/sessions/end", here)
    assert refused.headers["Location"] == "/password?unended=sign_in_again"
    assert await holds(world, elsewhere)
    await world.sql("update sessions set proved_at = null")
    assert (await sent(world, "/sessions/end", here)).headers["Location"] == "/password?done=ended"
    assert [await holds(world, one) for one in (here, elsewhere)] == [True, False]


async def test_nobody_signed_in_is_led_to_sign_in(world: World) -> None:
    for path in ("/password", "/sessions/end"):
        async with world.http.post(path, data={}, allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/sign-in?next=/password"

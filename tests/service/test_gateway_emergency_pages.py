"""Pages of emergency access on a gateway that serves: what a form says is done, and who is asked again."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.gateway.emergency import acting
from tests.service.emergency_world import Signed, emergency_world, opened, protected, signed_in
from tests.service.gateway_world import World

KEY = re.compile(r'name="key" value="([^"]+)"')
SECONDS = 5
BY_ITSELF = {"HX-Request": "true"}


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with emergency_world(layout, postgres, nats, pages=True) as made:
        yield made


async def got(world: World, who: Signed, path: str, **more: str) -> tuple[int, str]:
    async with world.http.get(path, headers=who.cookie | more, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def asked(world: World, who: Signed, **fields: str) -> tuple[int, str, str]:
    """The form of the page, filled in and sent: status, where it leads, and what is shown."""
    _, form = await got(world, who, "/emergency?next=/views")
    said = {"csrf_token": who.csrf, "key": KEY.findall(form)[-1], "next": "/views"} | fields
    async with world.http.post(
        "/emergency", data=said, headers=who.cookie, allow_redirects=False
    ) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def test_a_form_opens_it_and_the_banner_closes_it(world: World) -> None:
    duty = await signed_in(world, "duty")
    reason = {"caveats": "PROTECTION", "minutes": "30", "reason": "Ambush on the road"}
    assert (await asked(world, duty, **reason))[:2] == (303, "/views")
    _, page = await got(world, duty, "/views")
    [path] = re.findall(r'action="(/emergencies/[^"]+/close)"', page)
    form = {"csrf_token": duty.csrf, "key": KEY.findall(page)[0]}
    async with world.http.post(path, data=form, headers=duty.cookie) as answer:
        assert "closed before its time" in await answer.text()
    assert 'id="emergency"' not in (await got(world, duty, "/views"))[1]


async def test_what_cannot_be_opened_is_refused_on_the_page(world: World) -> None:
    duty = await signed_in(world, "duty")
    for fields in ({"caveats": "SOURCE"}, {"minutes": "9999"}, {"next": "//elsewhere.example"}):
        said = {"caveats": "PROTECTION", "minutes": "30"} | fields
        status, _, page = await asked(world, duty, **said)
        assert (status, "//elsewhere" in page) == (422, False)
    status, _, page = await asked(world, duty, caveats="SOURCE", minutes="30", reason="Why")
    assert (status, "The mission lets nobody open this." in page) == (422, True)


async def test_a_form_that_was_left_open_too_long_asks_for_a_new_sign_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    duty = await signed_in(world, "duty")
    _, form = await got(world, duty, "/emergency")
    monkeypatch.setattr(acting, "FRESH", timedelta())
    said = {"csrf_token": duty.csrf, "key": KEY.findall(form)[-1], "caveats": "PROTECTION"}
    said |= {"minutes": "30", "reason": "Why"}
    async with world.http.post("/emergency", data=said, headers=duty.cookie) as answer:
        page = await answer.text()
        assert (answer.status, 'action="/sign-in"' in page) == (422, True)


async def test_owners_are_told_on_today_of_what_was_read_a_moment_ago(world: World) -> None:
    duty, ann = await signed_in(world, "duty"), await signed_in(world, "ann")
    record = protected(world)
    assert "See which" not in (await got(world, ann, "/parts/emergency"))[1]
    await opened(world, duty)
    async with world.http.get(f"/v1/records/{record.id}", headers=duty.cookie) as answer:
        assert answer.status == 200
    told = ""
    async with asyncio.timeout(SECONDS):
        while "See which" not in told:
            _, told = await got(world, ann, "/parts/emergency")
    assert '<b class="num">1</b>' in told


async def test_what_a_page_asks_by_itself_keeps_no_session_alive(world: World) -> None:
    ann = await signed_in(world, "ann")
    later = "update sessions set last_seen_at = last_seen_at - interval '90 minutes'"
    await world.sql(later)
    assert (await got(world, ann, "/views"))[0] == 200
    await world.sql(later)
    assert (await got(world, ann, "/parts/emergency", **BY_ITSELF))[0] == 200
    await world.sql(later)
    assert (await got(world, ann, "/views"))[0] == 303

"""Viewing as others on a gateway that serves: as whom, how long, what is refused, what is written down."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.gateway.access.account_commands import GrantAccount, RevokeGrant, SuspendAccount
from services.gateway.access.partner import SuspendPartner
from services.gateway.access.provisioning import WHY
from shared.contracts.gateway import GrantKind
from shared.principal import Principal
from tests.service.emergency_world import (
    Signed,
    emergency_world,
    groups_seen,
    opened,
    protected,
    signed_in,
)
from tests.service.gateway_calls import BODY, call, keyed
from tests.service.gateway_edge import Held
from tests.service.gateway_world import World
from tests.service.viewing_world import FRAME, goes_back, got, sent, views_as

SECONDS = 5
MILITARY = {"level": "unclassified", "releasable_to": [["mil"]], "caveats": []}
EVERYBODY = {"level": "unclassified", "releasable_to": [["all"]], "caveats": []}


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with emergency_world(layout, postgres, nats, pages=True) as made:
        yield made


@pytest.fixture
async def duty(world: World) -> Signed:
    """A new session for each test."""
    return await signed_in(world, "duty")


def told_to(world: World) -> Principal:
    """As whom reporting was last asked."""
    return world.services.heard[-1].principal


async def test_reads_of_pages_and_of_the_api_are_those_of_the_audience_and_of_the_viewer(
    world: World, duty: Signed
) -> None:
    assert (await views_as(world, duty, "ngo"))[:2] == (303, "/")
    for path in ("/v1/engagements", "/places", "/map.geojson?bbox=1,1,2,2&zoom=3"):
        assert (await got(world, duty, path))[0] == 200
        asked = told_to(world)
        assert (asked.communities, asked.levels) == (frozenset({"ngo"}), {"un": 1})
        assert asked.viewer is not None
        assert asked.viewer.subject == "duty"
    await goes_back(world, duty)
    await got(world, duty, "/v1/engagements")
    assert told_to(world).viewer is None


async def test_the_second_check_lets_through_what_both_read(world: World, duty: Signed) -> None:
    """The stand-in shows everything to everybody, so what is kept back the gateway kept back."""
    more: Any = {"level": "unclassified", "group_labels": {"identity": EVERYBODY}}
    record = world.services.hold("engagement", "Talks", **more)
    record.group_labels["own_side"] = MILITARY
    await views_as(world, duty, "ngo")
    assert await groups_seen(world, duty.cookie, record) == ["identity"]
    await goes_back(world, duty)


async def test_every_page_says_so_and_so_do_those_that_are_none(world: World, duty: Signed) -> None:
    await views_as(world, duty, "ngo")
    for path in ("/", "/places", "/map", "/more", "/no/such/page"):
        _, page = await got(world, duty, path, Accept="text/html")
        assert FRAME in page, path
        assert "Non-governmental organisations" in page
    await goes_back(world, duty)
    assert FRAME not in (await got(world, duty, "/"))[1]


async def test_it_is_bound_to_the_session_it_began_in(world: World, duty: Signed) -> None:
    other = await signed_in(world, "duty")
    await views_as(world, duty, "ngo")
    assert FRAME not in (await got(world, other, "/"))[1]
    headers = await world.bearer("duty")
    await call(world, "GET", "/v1/engagements", headers)
    assert told_to(world).viewer is None
    await goes_back(world, duty)


async def test_it_ends_by_itself(world: World, duty: Signed) -> None:
    await views_as(world, duty, "ngo")
    await world.sql("update viewings set until = now() where left_at is null")
    assert FRAME not in (await got(world, duty, "/"))[1]
    answer, told = await call(world, "POST", "/v1/engagements", keyed(duty.writing), BODY)
    assert answer.status == 201, told


async def test_it_ends_with_the_role_that_gave_the_right(world: World, duty: Signed) -> None:
    operations = (GrantKind.ROLE, "operations", WHY)
    await views_as(world, duty, "ngo")
    await world.order("duty", RevokeGrant(*operations))
    world.app.state.gateway.roll.forget()
    assert FRAME not in (await got(world, duty, "/"))[1]
    await world.order("duty", GrantAccount(*operations))
    world.app.state.gateway.roll.forget()
    assert FRAME in (await got(world, duty, "/"))[1]
    await goes_back(world, duty)


async def test_a_partner_is_viewed_as_only_by_who_reads_of_it(world: World, duty: Signed) -> None:
    home = world.people["ben"]["organisation_id"]
    assert (await views_as(world, duty, f"org:{home}"))[0] == 422
    world.services.records[home] = Held(home, "organisation", "River Aid")
    assert (await views_as(world, duty, f"org:{home}"))[0] == 303
    _, page = await got(world, duty, "/places")
    assert "River Aid" in page.partition(FRAME)[2].partition("</section>")[0]
    assert str(told_to(world).stands_for) == home
    await world.order_partner(home, SuspendPartner(WHY))
    await got(world, duty, "/v1/engagements")
    assert told_to(world).levels == {}
    await goes_back(world, duty)


async def test_emergency_access_is_not_joined_to_it(world: World, duty: Signed) -> None:
    record = protected(world)
    await opened(world, duty)
    assert await groups_seen(world, duty.cookie, record) == ["identity"]
    await views_as(world, duty, "mission")
    assert await groups_seen(world, duty.cookie, record) == []
    assert 'id="emergency"' not in (await got(world, duty, "/"))[1]
    await goes_back(world, duty)
    assert await groups_seen(world, duty.cookie, record) == ["identity"]


async def test_security_officers_see_who_viewed_as_whom_and_until_when(
    world: World, duty: Signed
) -> None:
    await views_as(world, duty, "un")
    officer = await signed_in(world, "officer")
    _, told = await call(world, "GET", "/v1/access/people?q=duty", officer.cookie)
    _, page = await got(world, officer, f"/access/people/{told['items'][0]['id']}")
    shown = page.partition('id="viewings-title"')[2].partition("</section>")[0]
    assert "United Nations agencies" in shown
    assert shown.count(">now<") == 1
    await sent(world, duty, "/sign-out")
    _, page = await got(world, officer, f"/access/people/{told['items'][0]['id']}")
    assert ">now<" not in page.partition('id="viewings-title"')[2].partition("</section>")[0]


async def test_owners_are_told_of_his_looks_and_as_whom(world: World, duty: Signed) -> None:
    home = world.people["ann"]["organisation_id"]
    everybody: Any = {"owner": home, "level": "confidential"}
    record = world.services.hold("engagement", "Talks", **everybody)
    await views_as(world, duty, "mission")
    answer, _ = await call(world, "GET", f"/v1/engagements/{record.id}", duty.cookie)
    assert answer.status == 200
    await goes_back(world, duty)
    ann, items = await world.bearer("ann"), list[Any]()
    async with asyncio.timeout(SECONDS):
        while not items:
            _, told = await call(world, "GET", f"/v1/records/{record.id}/reads", ann)
            items = told["items"]
    assert (items[0]["account"], items[0]["viewed_as"]) == ("duty", "mission")
    assert items[0]["organisation"] == world.people["duty"]["organisation_id"]


async def test_a_part_for_a_page_of_another_view_has_the_page_loaded_anew(
    world: World, duty: Signed
) -> None:
    own = {"HX-Request": "true", "Parley-View": ""}
    assert (await got(world, duty, "/parts/palette", **own))[0] == 200
    await views_as(world, duty, "ngo")
    async with world.http.get("/parts/palette", headers=duty.cookie | own) as answer:
        assert (answer.status, answer.headers["HX-Refresh"]) == (204, "true")
    _, page = await got(world, duty, "/")
    [view] = re.findall(r'data-view="([^"]+)"', page)
    assert (await got(world, duty, "/parts/palette", **own | {"Parley-View": view}))[0] == 200
    await goes_back(world, duty)


async def test_an_open_page_is_told_to_look_again_when_its_view_changes(
    world: World, duty: Signed
) -> None:
    async with world.http.get("/live", headers=duty.cookie) as stream:
        await stream.content.readuntil(b"id: ")
        await views_as(world, duty, "ngo")
        async with asyncio.timeout(SECONDS):
            await stream.content.readuntil(b"event: resync")
    await goes_back(world, duty)


async def test_whoever_is_suspended_meanwhile_is_out(world: World) -> None:
    reserve = await signed_in(world, "reserve")
    await views_as(world, reserve, "ngo")
    await world.order("reserve", SuspendAccount(WHY))
    async with asyncio.timeout(SECONDS):
        while (await got(world, reserve, "/v1/engagements"))[0] != 401:
            await asyncio.sleep(0.1)

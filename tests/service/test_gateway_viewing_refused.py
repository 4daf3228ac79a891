"""What is refused to who views as others, and what is no view of others at all."""

from collections.abc import AsyncIterator

import pytest

from tests.service.emergency_world import Signed, emergency_world, signed_in
from tests.service.gateway_calls import BODY, call, keyed
from tests.service.gateway_world import World
from tests.service.viewing_world import FRAME, KEY, goes_back, got, sent, views_as


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with emergency_world(layout, postgres, nats, pages=True) as made:
        yield made


@pytest.fixture
async def duty(world: World) -> Signed:
    """A new session for each test."""
    return await signed_in(world, "duty")


@pytest.mark.parametrize(
    "path",
    [
        "/engagements/new", "/debrief", "/people/new", "/commitments/new", "/views", "/views/new",
        "/webhooks", "/emergency", "/emergencies", "/emergency/reads", "/access/people", "/backbone", "/jobs",
        "/view-as", "/password", "/account",
    ],
)  # fmt: skip
async def test_pages_that_order_something_or_are_ones_own_are_closed_meanwhile(
    world: World, duty: Signed, path: str
) -> None:
    await views_as(world, duty, "ngo")
    status, page = await got(world, duty, path)
    assert (status, "go back to your own view first" in page) == (403, True)
    await goes_back(world, duty)


async def test_what_would_change_something_is_refused_with_a_reason(
    world: World, duty: Signed
) -> None:
    await views_as(world, duty, "ngo")
    before = len(world.services.heard)
    answer, told = await call(world, "POST", "/v1/engagements", keyed(duty.writing), BODY)
    assert (answer.status, told["code"]) == (403, "viewing_as")
    answer, told = await call(world, "POST", "/v1/break_glass", duty.writing, {})
    assert (answer.status, told["code"]) == (403, "viewing_as")
    for path in ("/account/passkeys/options", "/account/passkeys"):
        answer, told = await call(world, "POST", path, duty.writing, {})
        assert (answer.status, told["code"]) == (403, "viewing_as")
    for path in ("/engagements/new", "/views/new", "/emergency", "/view-as", "/debrief",
                 "/account/passkeys/one/rename", "/account/passkeys/one/remove"):  # fmt: skip
        status, _, page = await sent(world, duty, path, key="k", name="x", purpose="x")
        assert (status, "go back to your own view first" in page) == (403, True)
    for path in ("/password", "/sessions/end"):
        assert (await sent(world, duty, path, current="x"))[:2] == (303, "/password")
    assert [one.method for one in world.services.heard[before:] if one.method != "GET"] == []
    await goes_back(world, duty)


async def test_a_form_of_another_page_begins_and_ends_nothing(world: World, duty: Signed) -> None:
    other = Signed(duty.cookie, "another")
    assert (await sent(world, other, "/view-as", key="k", audience="ngo"))[0] == 403
    assert FRAME not in (await got(world, duty, "/"))[1]
    await views_as(world, duty, "ngo")
    assert (await sent(world, other, "/view-as/leave", key="k"))[0] == 403
    assert FRAME in (await got(world, duty, "/"))[1]
    await goes_back(world, duty)


async def test_the_form_sent_again_after_going_back_begins_nothing(
    world: World, duty: Signed
) -> None:
    _, form = await got(world, duty, "/view-as")
    asked = {"key": KEY.findall(form)[-1], "audience": "ngo"}
    await sent(world, duty, "/view-as", **asked)
    await goes_back(world, duty)
    await sent(world, duty, "/view-as", **asked)
    assert FRAME not in (await got(world, duty, "/"))[1]


@pytest.mark.parametrize(
    "audience", ["", "nobody", "org:", "org:x", "org:organisation_00000000000000000000000009"]
)
async def test_what_is_no_audience_is_said_beside_the_field(
    world: World, duty: Signed, audience: str
) -> None:
    status, _, page = await views_as(world, duty, audience)
    assert (status, 'id="e-audience-1"' in page) == (422, True)
    assert FRAME not in page


async def test_partners_may_not(world: World) -> None:
    ann = await signed_in(world, "ann")
    status, page = await got(world, ann, "/view-as")
    assert (status, "Not allowed" in page) == (403, True)
    assert 'href="/view-as"' not in (await got(world, ann, "/"))[1]
    assert (await sent(world, ann, "/view-as", key="k", audience="ngo"))[0] == 403

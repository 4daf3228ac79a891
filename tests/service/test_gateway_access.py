"""Who is let in, by which door, and for how long."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from services.gateway.access.client_commands import ReinstateClient, SuspendClient
from services.gateway.access.provisioning import WHY
from services.gateway.access.throttle import PER_PERSON, PER_PERSON_ANYWHERE
from shared.clock import utc_now
from shared.epoch_events import Opening
from shared.eventstore.epochs import EpochBook
from shared.ids import new_uuid
from tests.service.gateway_world import World, basic, run_world


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


async def test_a_client_with_its_secret_gets_a_token_for_ten_minutes(world: World) -> None:
    token = await world.token("ann")
    header, claims, _ = token.split(".")
    assert json.loads(_decoded(header))["typ"] == "at+jwt"
    told = json.loads(_decoded(claims))
    assert told["exp"] - told["iat"] <= 600
    assert told["client_id"] == "ann-client"


async def test_the_secret_may_come_in_the_form(world: World) -> None:
    line = world.people["ann"]
    form = {"grant_type": "client_credentials", "client_id": line["client_id"]}
    form["client_secret"] = line["client_secret"]
    async with world.http.post("/oauth/token", data=form) as answer:
        assert (await answer.json())["token_type"] == "Bearer"


@pytest.mark.parametrize("client_id", ["ann-client", "nobody"])
async def test_a_wrong_secret_and_an_unknown_client_are_answered_alike(
    world: World, client_id: str
) -> None:
    headers = basic(client_id, "wrong")
    form = {"grant_type": "client_credentials"}
    async with world.http.post("/oauth/token", data=form, headers=headers) as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert (await answer.json()) == {
            "error": "invalid_client",
            "error_description": "No such client, or not its secret.",
        }


async def test_another_grant_is_refused_by_its_standard_name(world: World) -> None:
    async with world.http.post("/oauth/token", data={"grant_type": "password"}) as answer:
        assert (answer.status, (await answer.json())["error"]) == (400, "unsupported_grant_type")


async def test_the_metadata_names_the_token_endpoint(world: World) -> None:
    async with world.http.get("/.well-known/oauth-authorization-server") as answer:
        assert (await answer.json())["token_endpoint"] == f"{world.url}/oauth/token"


async def test_without_a_token_nothing_is_told(world: World) -> None:
    async with world.http.get("/v1/records") as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.content_type == "application/problem+json"


async def test_a_token_changed_in_one_letter_is_refused(world: World) -> None:
    token = await world.token("ann")
    forged = token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:]
    headers = {"Authorization": f"Bearer {forged}"}
    async with world.http.get("/v1/records", headers=headers) as answer:
        assert answer.status == 401


async def test_a_client_never_sees_more_than_its_own_ceiling(world: World) -> None:
    async with world.http.get("/v1/records", headers=await world.bearer("ben")) as answer:
        assert answer.status == 200
    assert world.services.heard[-1].principal.levels == {"un": 1}


async def test_a_revoked_client_is_out_within_five_seconds(world: World) -> None:
    headers = await world.bearer("ben")
    await world.order("ben-client", SuspendClient(WHY))
    async with asyncio.timeout(5):
        while (await world.http.get("/v1/records", headers=headers)).status != 401:
            await asyncio.sleep(0.1)
    await world.order("ben-client", ReinstateClient(WHY))


async def test_an_epoch_that_opens_keeps_nobody_from_administering(world: World) -> None:
    """Its first event is of no record."""
    store = world.app.state.gateway.access.kit.store
    head = await store.head()
    opening = Opening(head.epoch + 1, head.position, head.position, head.position, "restored")
    assert await EpochBook(world.app.state.gateway.pool).open(head, opening, new_uuid(), utc_now())
    await world.order("ben-client", SuspendClient(WHY))
    await world.order("ben-client", ReinstateClient(WHY))
    assert (await store.head()).epoch == opening.epoch


async def test_a_person_signs_in_and_goes_where_he_wanted(world: World) -> None:
    answer = await world.sign_in("ann")
    assert (answer.status, answer.headers["Location"]) == (303, "/here")
    cookie = answer.cookies["parley"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "lax"
    async with world.http.get("/v1/records", cookies={"parley": cookie.value}) as listed:
        assert listed.status == 200
    assert world.services.heard[-1].principal.client == "person:ann"


async def test_a_wrong_password_leads_back_to_the_form_without_saying_why(world: World) -> None:
    wrong = await world.sign_in("ann", "wrong")
    assert (wrong.status, "parley" in wrong.cookies) == (303, False)
    assert wrong.headers["Location"].startswith("/sign-in?failed=")


async def test_a_sign_in_from_a_page_elsewhere_is_refused(world: World) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    async with world.http.post("/sign-in", data={}, headers=headers) as answer:
        assert answer.status == 403


async def test_without_a_provider_there_is_no_way_to_it(world: World) -> None:
    for path in ("/sign-in/provider", "/sign-in/provider/return?code=1&state=2"):
        async with world.http.get(path, allow_redirects=False) as answer:
            assert answer.status == 404


async def test_a_link_elsewhere_does_not_lead_elsewhere(world: World) -> None:
    line = world.people["ann"]
    form = {"username": "ann", "password": line["password"], "next": "//elsewhere.example/"}
    async with world.http.post("/sign-in", data=form, allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/"


async def test_a_persons_write_needs_the_pages_token(world: World) -> None:
    cookies = {"parley": (await world.sign_in("ann")).cookies["parley"].value}
    async with world.http.post("/v1/engagements", json={}, cookies=cookies) as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, "csrf")


async def test_a_session_ends_when_it_has_been_idle_too_long(world: World) -> None:
    cookies = {"parley": (await world.sign_in("ann")).cookies["parley"].value}
    await world.sql("update sessions set last_seen_at = last_seen_at - interval '3 hours'")
    async with world.http.get("/v1/records", cookies=cookies) as answer:
        assert answer.status == 401


async def test_guessing_is_slowed_down_even_for_the_right_password(world: World) -> None:
    for _ in range(10):
        await world.sign_in("loader", "wrong")
    refused = await world.sign_in("loader")
    assert refused.headers["Location"].startswith("/sign-in?failed=too_many")
    await world.sql("delete from sign_in_failures")


async def test_failing_in_a_persons_name_keeps_him_out_from_there_alone(world: World) -> None:
    """Here 127.0.0.2: whoever knows a name does not lock its owner out."""
    line = world.people["loader"]
    form = {"username": line["username"], "password": line["password"], "next": "/here"}
    connector = aiohttp.TCPConnector(local_addr=("127.0.0.2", 0))
    async with aiohttp.ClientSession(world.url, connector=connector) as http:
        for _ in range(PER_PERSON):
            async with http.post("/sign-in", data=form | {"password": "wrong"}):
                pass
        async with http.post("/sign-in", data=form, allow_redirects=False) as answer:
            assert answer.headers["Location"].startswith("/sign-in?failed=too_many")
    assert (await world.sign_in("loader")).headers["Location"] == "/here"
    await world.sql("delete from sign_in_failures")


async def test_guessing_from_many_addresses_is_slowed_down_as_well(world: World) -> None:
    everywhere = """insert into sign_in_failures (counted, failed_at)
        select 'account:' || encode(sha256($1::bytea), 'hex'), now() from generate_series(1, $2::int)"""
    await world.sql(everywhere, b"loader", PER_PERSON_ANYWHERE)
    refused = await world.sign_in("loader")
    assert refused.headers["Location"].startswith("/sign-in?failed=too_many")
    await world.sql("delete from sign_in_failures")


async def test_every_answer_carries_the_security_headers(world: World) -> None:
    async with world.http.get("/v1/records") as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


async def test_ready_says_which_part_is_missing(world: World) -> None:
    world.services.down = {"contacts"}
    try:
        async with world.http.get("/health/ready") as answer:
            told = await answer.json()
        assert (answer.status, told["checks"]["contacts"]) == (503, "failing")
        assert told["checks"]["reporting"] == "ok"
    finally:
        world.services.down = set()


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

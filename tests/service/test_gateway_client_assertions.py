"""A client proves itself by what it signs: once, for us, for minutes, and by a key that is registered."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from services.gateway.access.throttle import PER_CLIENT
from shared.clock import utc_now
from tests.service.assertions import (
    Pair,
    asked,
    claims_of,
    form_of,
    new_pair,
    ordered,
    registered,
    signed,
)
from tests.service.gateway_world import World, basic, run_replica, run_world

ANN, LOADER, WITNESS = "ann-client", "loader-client", "witness-client"
REFUSED = {
    "error": "invalid_client",
    "error_description": "No such client, or its assertion does not hold.",
}


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url) as made:
        yield made


@pytest.fixture(scope="module")
async def pair(world: World) -> Pair:
    """Ann's key."""
    made = new_pair()
    await registered(world, ANN, made)
    return made


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "PS256"])
async def test_a_client_with_its_key_gets_a_token_that_opens(world: World, algorithm: str) -> None:
    made = new_pair(algorithm)
    key_id = await registered(world, LOADER, made)
    status, told = await asked(world, signed(made, claims_of(world, LOADER)))
    assert (status, told["token_type"]) == (200, "Bearer")
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    async with world.http.get("/v1/records", headers=headers) as answer:
        assert answer.status == 200
    await ordered(world, LOADER, "end_credential", credential_id=key_id)


async def test_it_may_be_for_the_token_endpoint_and_name_the_client_beside_it(
    world: World, pair: Pair
) -> None:
    told = claims_of(world, ANN, aud=[f"{world.url}/oauth/token"])
    assert (await asked(world, signed(pair, told), client_id=ANN))[0] == 200


async def test_it_may_say_what_kind_of_token_it_is(world: World, pair: Pair) -> None:
    made = signed(pair, claims_of(world, ANN), typ="client-authentication+jwt")
    assert (await asked(world, made))[0] == 200


async def test_it_holds_once_on_all_replicas_and_after_a_restart(world: World, pair: Pair) -> None:
    made = signed(pair, claims_of(world, ANN))
    assert (await asked(world, made))[0] == 200
    assert await asked(world, made) == (401, REFUSED)
    async with run_replica(world) as other:
        assert await asked(other, made) == (401, REFUSED)


async def test_the_same_name_again_is_refused_and_another_clients_is_not(
    world: World, pair: Pair
) -> None:
    theirs = new_pair()
    await registered(world, WITNESS, theirs)
    named = {"jti": "the first of the day"}
    assert (await asked(world, signed(pair, claims_of(world, ANN, **named))))[0] == 200
    assert (await asked(world, signed(theirs, claims_of(world, WITNESS, **named))))[0] == 200
    assert (await asked(world, signed(pair, claims_of(world, ANN, **named))))[0] == 401


async def test_what_was_refused_is_not_used_up(world: World, pair: Pair) -> None:
    """Or whoever guesses names could keep a client out."""
    told = claims_of(world, ANN, jti="guessed")
    assert (await asked(world, signed(new_pair(), told)))[0] == 401
    assert (await asked(world, signed(pair, told)))[0] == 200


def wrong(now: float) -> dict[str, dict[str, Any]]:
    """Claims by what is wrong with them."""
    return {
        "for another": {"aud": "https://other.example"},
        "for us and another": {"aud": ["https://other.example", "http://localhost"]},
        "for nobody": {"aud": None},
        "for no words": {"aud": 5},
        "expired": {"exp": now - 1},
        "for too long": {"exp": now + 320},
        "for ever": {"exp": None},
        "without end": {"exp": 1e308},
        "no moment": {"exp": "soon"},
        "not yet": {"nbf": now + 60},
        "without a name": {"jti": None},
        "of a name without end": {"jti": "x" * 257},
        "of no name": {"jti": 5},
        "an empty name": {"jti": ""},
        "by another": {"iss": WITNESS},
        "about another": {"sub": WITNESS},
        "by nobody": {"iss": None},
        "by no words": {"iss": 5},
        "by somebody unknown": {"iss": "nobody", "sub": "nobody"},
        "by a name with a null": {"iss": "ann\x00", "sub": "ann\x00"},
    }


@pytest.mark.parametrize("how", wrong(0))
async def test_whatever_is_wrong_is_answered_alike(world: World, pair: Pair, how: str) -> None:
    told = claims_of(world, ANN, **wrong(utc_now().timestamp())[how])
    assert await asked(world, signed(pair, told)) == (401, REFUSED)
    await world.sql("delete from sign_in_failures")


async def test_a_name_may_be_of_any_letters(world: World, pair: Pair) -> None:
    told = claims_of(world, ANN, jti="\ud800")
    assert (await asked(world, signed(pair, told)))[0] == 200


@pytest.mark.parametrize("told", ["", "a.b.c", "..", "x" * 9_000, "e30.e30."])
async def test_what_is_no_assertion_is_answered_alike(world: World, told: str) -> None:
    status, answer = await asked(world, told)
    assert (status, answer["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("more", [{"client_assertion_type": "urn:other"}, {"client_id": WITNESS}])
async def test_what_is_said_beside_it_must_fit(
    world: World, pair: Pair, more: dict[str, str]
) -> None:
    made = signed(pair, claims_of(world, ANN))
    assert await asked(world, made, **more) == (401, REFUSED)


async def test_nobody_proves_himself_in_two_ways(world: World, pair: Pair) -> None:
    made = signed(pair, claims_of(world, ANN))
    status, told = await asked(world, made, client_id=ANN, client_secret="x")
    assert (status, told["error"]) == (400, "invalid_request")
    headers = basic(ANN, world.people["ann"]["client_secret"])
    async with world.http.post("/oauth/token", data=form_of(made), headers=headers) as answer:
        assert answer.status == 400


async def test_a_withdrawn_key_is_worth_nothing_at_once_on_every_replica(world: World) -> None:
    made = new_pair()
    key_id = await registered(world, LOADER, made)
    async with run_replica(world) as other:
        assert (await asked(other, signed(made, claims_of(world, LOADER))))[0] == 200
        await ordered(world, LOADER, "end_credential", credential_id=key_id)
        assert await asked(other, signed(made, claims_of(world, LOADER))) == (401, REFUSED)


async def test_an_old_key_holds_during_the_overlap_and_not_without(world: World) -> None:
    async def statuses(*pairs: Pair) -> list[int]:
        return [(await asked(world, signed(each, claims_of(world, LOADER))))[0] for each in pairs]

    old, new, newest = new_pair(), new_pair("ES256"), new_pair()
    await registered(world, LOADER, old)
    await registered(world, LOADER, new, overlap_hours=1)
    assert await statuses(old, new) == [200, 200]
    await registered(world, LOADER, newest, overlap_hours=0)
    assert await statuses(old, new, newest) == [401, 401, 200]


async def test_a_suspended_client_is_refused_until_it_is_let_in_again(
    world: World, pair: Pair
) -> None:
    await ordered(world, ANN, "suspend")
    assert await asked(world, signed(pair, claims_of(world, ANN))) == (401, REFUSED)
    await ordered(world, ANN, "reinstate")
    assert (await asked(world, signed(pair, claims_of(world, ANN))))[0] == 200


async def test_a_key_opens_nothing_to_another_client(world: World, pair: Pair) -> None:
    told = claims_of(world, "ben-client")
    assert await asked(world, signed(pair, told)) == (401, REFUSED)


async def test_the_metadata_tells_how_clients_prove_themselves(world: World) -> None:
    async with world.http.get("/.well-known/oauth-authorization-server") as answer:
        told = await answer.json()
    assert "private_key_jwt" in told["token_endpoint_auth_methods_supported"]
    algorithms = told["token_endpoint_auth_signing_alg_values_supported"]
    assert set(algorithms) == {"EdDSA", "ES256", "PS256", "RS256"}


async def test_failing_in_a_clients_name_keeps_it_out_from_there_alone(
    world: World, pair: Pair
) -> None:
    """Here 127.0.0.2; by assertions and by secrets alike."""
    guess, right = signed(new_pair(), claims_of(world, ANN)), world.people["ann"]["client_secret"]
    connector = aiohttp.TCPConnector(local_addr=("127.0.0.2", 0))
    async with aiohttp.ClientSession(world.url, connector=connector) as http:
        for _ in range(PER_CLIENT):
            async with http.post("/oauth/token", data=form_of(guess)) as answer:
                assert answer.status == 401
        for sent, headers in (
            (form_of(signed(pair, claims_of(world, ANN))), {}),
            ({"grant_type": "client_credentials"}, basic(ANN, right)),
        ):
            async with http.post("/oauth/token", data=sent, headers=headers) as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (429, "900")
    assert (await asked(world, signed(pair, claims_of(world, ANN))))[0] == 200
    await world.sql("delete from sign_in_failures")

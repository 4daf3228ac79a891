"""A client's registered key decides how its assertion is verified; nothing in the assertion does."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import OKPAlgorithm

from tests.security.test_algorithm_confusion import encoded
from tests.service.assertions import Pair, asked, claims_of, new_pair, registered, signed
from tests.service.gateway_world import World, run_world

ANN, RSA_CLIENT = "ann-client", "loader-client"
DEPTH = 1_500


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url) as made:
        yield made


@pytest.fixture(scope="module")
async def pair(world: World) -> Pair:
    made = new_pair()
    await registered(world, ANN, made)
    return made


def unsigned(pair: Pair, claims: Mapping[str, Any], name: str) -> str:
    return f"{encoded({'alg': name, 'typ': 'JWT'})}.{encoded(dict(claims))}."


def with_the_public_key_as_secret(pair: Pair, claims: Mapping[str, Any], form: str) -> str:
    """The classic confusion: HMAC, its secret what everybody may know."""
    public = pair.private.public_key()
    known: dict[str, bytes] = {
        "raw": public.public_bytes(Encoding.Raw, PublicFormat.Raw),
        "pem": pair.public_pem.encode(),
        "stripped pem": pair.public_pem.strip().encode(),
        "jwk": OKPAlgorithm.to_jwk(public).encode(),
    }
    text = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{encoded(dict(claims))}"
    return f"{text}.{encoded(hmac.digest(known[form], text.encode(), hashlib.sha256))}"


def by_a_key_it_brings_along(pair: Pair, claims: Mapping[str, Any], named: str) -> str:
    own = new_pair()
    jwk = OKPAlgorithm.to_jwk(own.private.public_key(), as_dict=True)
    headers: dict[str, Any] = {
        "jwk": {"jwk": jwk},
        "jku": {"jku": "https://forger.example/keys"},
        "x5u": {"x5u": "https://forger.example/chain"},
        "kid": {"kid": "../../dev/null"},
    }
    return signed(own, claims, **headers[named])


def by_another_algorithm(pair: Pair, claims: Mapping[str, Any], algorithm: str) -> str:
    return signed(new_pair(algorithm), claims)


def with_a_header(pair: Pair, claims: Mapping[str, Any], told: str) -> str:
    """Signed rightly, and meant for something else or to be understood otherwise."""
    headers: dict[str, Any] = {
        "an access token": {"typ": "at+jwt"},
        "no words": {"typ": 5},
        "what must be understood": {"crit": ["exp"], "exp": 1},
    }
    return signed(pair, claims, **headers[told])


def without_end(pair: Pair, claims: Mapping[str, Any], part: str) -> str:
    """Depth that no reader should follow."""
    deep = encoded(("[" * DEPTH).encode())
    header, body, signature = signed(pair, claims).split(".")
    return {"header": f"{deep}.{body}.{signature}", "claims": f"{header}.{deep}.{signature}"}[part]


FORGERIES: list[tuple[Callable[[Pair, Mapping[str, Any], str], str], str]] = [
    *((unsigned, name) for name in ("none", "None", "NONE", "nOnE", "EdDSA", "")),
    *((with_the_public_key_as_secret, form) for form in ("raw", "pem", "stripped pem", "jwk")),
    *((by_a_key_it_brings_along, named) for named in ("jwk", "jku", "x5u", "kid")),
    *((by_another_algorithm, name) for name in ("ES256", "PS256")),
    *((with_a_header, t) for t in ("an access token", "no words", "what must be understood")),
    *((without_end, part) for part in ("header", "claims")),
]


@pytest.mark.parametrize(
    ("forged", "how"), FORGERIES, ids=[f"{f.__name__} {how}" for f, how in FORGERIES]
)
async def test_a_forged_assertion_proves_nobody(
    world: World, pair: Pair, forged: Callable[..., str], how: str
) -> None:
    status, told = await asked(world, forged(pair, claims_of(world, ANN), how))
    assert (status, told["error"]) == (401, "invalid_client")
    assert (await asked(world, signed(pair, claims_of(world, ANN))))[0] == 200
    await world.sql("delete from sign_in_failures")


async def test_a_key_for_pss_verifies_no_older_padding(world: World) -> None:
    made = new_pair("PS256")
    await registered(world, RSA_CLIENT, made)
    assert (await asked(world, signed(made, claims_of(world, RSA_CLIENT))))[0] == 200
    older = Pair(made.private, "RS256")
    assert (await asked(world, signed(older, claims_of(world, RSA_CLIENT))))[0] == 401


async def test_what_the_gateway_signs_proves_no_client(world: World, pair: Pair) -> None:
    key = world.app.state.gateway.tokens.key
    assert (await asked(world, await world.token("ann")))[0] == 401
    told = jwt.encode(claims_of(world, ANN), key, algorithm="EdDSA")
    assert (await asked(world, told))[0] == 401

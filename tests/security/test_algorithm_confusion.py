"""Nobody is believed for a token or a caller that names another algorithm, another key or another use."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.errors import UnauthenticatedError
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.principal_signing import Signer, Verifier, key_id, request_digest
from tests.service.gateway_world import World, run_world

Parts = tuple[dict[str, Any], dict[str, Any]]  # Any: JSON
DIGEST = request_digest("GET", "/records", b"")
CALLER = Principal("user:1", RecordId.new(Kind.ORGANISATION), "client-1")


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url) as made:
        yield made


def encoded(told: Any) -> str:  # Any: JSON or bytes
    raw = told if isinstance(told, bytes) else json.dumps(told).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def parts_of(token: str) -> Parts:
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


def unsigned(world: World, token: str, name: str) -> str:
    header, claims = parts_of(token)
    return f"{encoded(header | {'alg': name})}.{encoded(claims)}."


def signed_with_the_public_key(world: World, token: str, form: str) -> str:
    """HS256, its secret what everybody knows: the classic confusion."""
    key = world.app.state.gateway.tokens.public_key
    known = {
        "raw": key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw),
        "pem": key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    }
    header, claims = parts_of(token)
    text = f"{encoded(header | {'alg': 'HS256'})}.{encoded(claims)}"
    return f"{text}.{encoded(hmac.digest(known[form], text.encode(), hashlib.sha256))}"


def signed_by_another(world: World, token: str, more: str) -> str:
    """A key of the forger's own, which the header brings along or names."""
    header, claims = parts_of(token)
    key = Ed25519PrivateKey.generate()
    jwk = jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    named: Any = {"jwk": {"jwk": jwk}, "jku": {"jku": "https://forger.example/keys"}, "kid": {}}[
        more
    ]
    return jwt.encode(claims, key, algorithm="EdDSA", headers=header | named)


def signed_for_something_else(world: World, token: str, changed: str) -> str:
    """By our own key: what is no access token of this gateway."""
    header, claims = parts_of(token)
    header |= {"typ": {"typ": "JWT", "none": None}.get(changed, header["typ"])}
    claims |= {changed: "https://other.example"} if changed in ("iss", "aud") else {}
    claims = {name: claim for name, claim in claims.items() if name != changed.removeprefix("no ")}
    key = world.app.state.gateway.tokens.key
    return jwt.encode(claims, key, algorithm="EdDSA", headers=header)


FORGERIES: list[tuple[Callable[[World, str, str], str], str]] = [
    *((unsigned, name) for name in ("none", "None", "NONE", "nOnE", "EdDSA", "")),
    *((signed_with_the_public_key, form) for form in ("raw", "pem")),
    *((signed_by_another, more) for more in ("jwk", "jku", "kid")),
    *(
        (signed_for_something_else, changed)
        for changed in ("typ", "none", "iss", "aud", "no exp", "no client_id", "no sub", "no iat")
    ),
]


@pytest.mark.parametrize(
    ("forged", "how"), FORGERIES, ids=[f"{f.__name__} {how}" for f, how in FORGERIES]
)
async def test_a_forged_access_token_lets_nobody_in(
    world: World, forged: Callable[[World, str, str], str], how: str
) -> None:
    token = await world.token("ann")
    for sent, expected in ((token, 200), (forged(world, token, how), 401)):
        headers = {"Authorization": f"Bearer {sent}"}
        async with world.http.get("/v1/records", headers=headers) as answer:
            assert answer.status == expected


async def test_what_the_gateway_signs_for_services_is_no_access_token(world: World) -> None:
    signer = world.app.state.gateway.upstream.signer
    header = signer.sign(CALLER, "reporting", DIGEST)
    for spelled in (header, f"{header}.", f"{encoded({'alg': 'EdDSA', 'typ': 'at+jwt'})}.{header}"):
        async with world.http.get(
            "/v1/records", headers={"Authorization": f"Bearer {spelled}"}
        ) as answer:
            assert answer.status == 401


@pytest.mark.parametrize(
    "how", ["no signature", "another key", "the public key as secret", "a JWT"]
)
def test_a_service_believes_no_forged_caller(how: str) -> None:
    signer = Signer(Ed25519PrivateKey.generate(), "demo")
    public = signer.key.public_key()
    verifier = Verifier({key_id(public): public}, "reporting", "demo")
    sent = signer.sign(CALLER, "reporting", DIGEST)
    body = sent.partition(".")[0]
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    mac = hmac.digest(raw, base64.urlsafe_b64decode(body + "=="), hashlib.sha256)
    another = Ed25519PrivateKey.generate().sign(base64.urlsafe_b64decode(body + "=="))
    forged = {
        "no signature": f"{body}.",
        "another key": f"{body}.{encoded(another)}",
        "the public key as secret": f"{body}.{encoded(mac)}",
        "a JWT": f"{encoded({'alg': 'none'})}.{body}.",
    }
    assert verifier.verify(sent, DIGEST) == CALLER
    with pytest.raises(UnauthenticatedError):
        verifier.verify(forged[how], DIGEST)

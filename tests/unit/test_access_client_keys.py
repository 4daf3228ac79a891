"""Public keys of clients: how each may be spelled, what each verifies, and which are refused."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from services.gateway.access.assertions import keys_of_nobody
from services.gateway.access.client_keys import read_key, verifying
from services.gateway.access.jwks import ALGORITHMS, algorithms_of
from services.gateway.web.words_access import KEY_REFUSED
from shared.errors import InvalidError

# RFC 8037, A.2 and A.3.
ED25519 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
ED25519_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def spelled(private: Any, jose: Any) -> tuple[dict[str, Any], str]:
    """The public half as JWK and as PEM. `jose`: what spells its JWK."""
    public = private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return jose.to_jwk(public, as_dict=True), pem


@pytest.fixture(scope="module")
def strong() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, 2_048)


def test_a_key_is_named_by_its_thumbprint_however_it_is_spelled():
    asked: list[Any] = [
        ED25519,
        ED25519 | {"kid": "ours", "use": "sig", "alg": "EdDSA"},
        json.dumps(ED25519),
    ]
    assert {read_key(told).id for told in asked} == {ED25519_THUMBPRINT}
    assert read_key(ED25519).jwk == ED25519 | {"alg": "EdDSA"}


@pytest.mark.parametrize(
    ("private", "jose", "algorithm"),
    [
        (Ed25519PrivateKey.generate(), OKPAlgorithm, "EdDSA"),
        (ec.generate_private_key(ec.SECP256R1()), ECAlgorithm, "ES256"),
    ],
    ids=["Ed25519", "P-256"],
)
def test_jwk_and_pem_of_a_key_are_the_same_key_for_one_algorithm(private, jose, algorithm):
    jwk, pem = spelled(private, jose)
    assert read_key(jwk) == read_key(pem) == read_key(pem.replace("\n", "\r\n"))
    key, named = verifying(read_key(pem).jwk)
    assert (key, named) == (private.public_key(), algorithm)


def test_an_rsa_key_signs_by_pss_unless_its_jwk_says_otherwise(strong):
    jwk, pem = spelled(strong, RSAAlgorithm)
    assert verifying(read_key(pem).jwk)[1] == "PS256"
    assert verifying(read_key(jwk | {"alg": "RS256"}).jwk)[1] == "RS256"


def test_what_was_kept_before_algorithms_were_named_is_still_read():
    assert verifying(dict(ED25519))[1] == "EdDSA"


@pytest.mark.parametrize(
    ("private", "jose"),
    [
        (rsa.generate_private_key(65_537, 1_024), RSAAlgorithm),  # noqa: S505 - to be refused
        (rsa.generate_private_key(3, 2_048), RSAAlgorithm),
        (ec.generate_private_key(ec.SECP384R1()), ECAlgorithm),
        (ed448.Ed448PrivateKey.generate(), OKPAlgorithm),
    ],
    ids=["short RSA", "RSA with exponent 3", "P-384", "Ed448"],
)
def test_a_weak_or_unusual_key_is_refused(private, jose):
    for told in spelled(private, jose):
        assert refused(told) == "unsuited_key"


@pytest.mark.parametrize("more", [{"alg": "HS256"}, {"alg": "none"}, {"alg": "ES256"}, {"alg": []},
                                  {"use": "enc"}], ids=str)  # fmt: skip
def test_a_key_for_another_use_is_refused(more):
    assert refused(ED25519 | more) == "key_for_another_use"


def test_a_secret_is_no_public_key():
    assert refused({"kty": "oct", "k": "c2VjcmV0"}) == "private_key"
    assert refused({"kty": "oct"}) == "unsuited_key"


def test_a_private_half_is_refused_by_its_name(strong):
    pem = strong.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert refused(pem) == "private_key"
    assert refused(RSAAlgorithm.to_jwk(strong, as_dict=True)) == "private_key"


@pytest.mark.parametrize(
    "told",
    ["", "no key", "{", "{}", "[]", "null", "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----",
     "{" * 8_000, '{"kty":' * 1_000, {"kty": "OKP", "crv": "Ed25519"}, ED25519 | {"x": 5},
     ED25519 | {"x": None}, ED25519 | {"x": "AAAA"}, ED25519 | {"x": ["a"]}, ED25519 | {"crv": {}},
     {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, {"kty": []}, {"kty": {}},
     {"kty": "RSA", "n": "AA", "e": "AA"}, {"kty": "RSA", "n": "", "e": ""}, "\ud800"],
    ids=lambda told: str(told)[:30].encode("ascii", "replace").decode(),
)  # fmt: skip
def test_what_is_no_key_is_refused_and_breaks_nothing(told):
    assert refused(told) in ("not_a_key", "unsuited_key")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_there_is_a_key_of_nobodys_such_as_a_client_could_have(algorithm):
    [key] = [each for each, name in keys_of_nobody() if name == algorithm]
    assert algorithms_of(key, {"alg": algorithm}) == (algorithm,)


def refused(told: Any) -> str:
    """The code of what was wrong with it, which pages can say in every language."""
    with pytest.raises(InvalidError) as caught:
        read_key(told)
    [wrong] = caught.value.errors
    assert (wrong.pointer, wrong.detail in KEY_REFUSED) == ("/public_key", True)
    return str(wrong.code)

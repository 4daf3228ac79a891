"""Public keys that clients prove themselves by: read as JWK or PEM, kept as JWK, told apart by thumbprint.

What a key verifies is fixed when it is registered. An assertion's header chooses neither key nor algorithm.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import jwt
import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from services.gateway.access.jwks import (
    Key,
    KeyUseError,
    UnsuitedKeyError,
    algorithms_of,
    key_of,
)
from shared.errors import InvalidError, invalid

# What a thumbprint is of (RFC 7638, 3.2; RFC 8037, 2). No other member is kept, but for `alg`.
MEMBERS = {"OKP": ("crv", "kty", "x"), "EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}
_PRIVATE = ("d", "k", "p", "q", "dp", "dq", "qi", "oth")
_PRIVATE_PEM = "PRIVATE KEY-----"
_NOT_A_KEY = (ValueError, TypeError, UnsupportedAlgorithm, jwt.PyJWTError)

Jwk = dict[str, str]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`id`: its thumbprint (RFC 7638, SHA-256). `jwk`: what is kept; `alg` in it is all it verifies."""

    id: str
    jwk: Jwk


def read_key(told: Mapping[str, object] | str) -> PublicKey:
    """The key of a JWK, as an object or as its text, or of PEM. Raises InvalidError at /public_key."""
    try:
        given = _given(told)
        key = key_of(given)
        return _named(key, algorithms_of(key, given)[0])
    except UnsuitedKeyError as wrong:
        words = "Give an Ed25519 or P-256 key, or RSA of 2048 to 4096 bits with the exponent 65537."
        raise _refused("unsuited_key", words) from wrong
    except KeyUseError as wrong:
        words = "This key says of itself that it is for something else."
        raise _refused("key_for_another_use", words) from wrong
    except _NOT_A_KEY as wrong:
        raise _refused("not_a_key", "Give a public key as JWK or as PEM.") from wrong


def verifying(jwk: Jwk) -> tuple[Key, str]:
    """A kept key, and its one algorithm."""
    key = key_of(jwk)
    return key, algorithms_of(key, jwk)[0]


def _given(told: Mapping[str, object] | str) -> Mapping[str, object] | str:
    if isinstance(told, str) and _PRIVATE_PEM in told:
        raise _private()
    if isinstance(told, str) and told.lstrip().startswith("{"):
        told = orjson.loads(told)
    if isinstance(told, Mapping) and any(name in told for name in _PRIVATE):
        raise _private()
    return told


def _named(key: Key, algorithm: str) -> PublicKey:
    match key:
        case Ed25519PublicKey():
            spelled = OKPAlgorithm.to_jwk(key, as_dict=True)
        case EllipticCurvePublicKey():
            spelled = ECAlgorithm.to_jwk(key, as_dict=True)
        case _:
            spelled = RSAAlgorithm.to_jwk(key, as_dict=True)
    members = {name: str(spelled[name]) for name in MEMBERS[spelled["kty"]]}
    digest = hashlib.sha256(orjson.dumps(members)).digest()
    thumbprint = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return PublicKey(thumbprint, members | {"alg": algorithm})


def _private() -> InvalidError:
    words = "This is the private half. Keep it, count it as known, and make another pair."
    return _refused("private_key", words)


def _refused(code: str, words: str) -> InvalidError:
    return invalid("/public_key", code, words)

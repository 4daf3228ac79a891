"""Public keys as JWK (RFC 7517) or PEM: which kinds are taken anywhere here, and what each may verify."""

from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

RSA_BITS = range(2_048, 4_097)
RSA_EXPONENT = 65_537
RSA_ALGORITHMS = ("PS256", "RS256")
ALGORITHMS = ("EdDSA", "ES256", *RSA_ALGORITHMS)
_READERS: Mapping[str, Callable[[dict[str, object]], object]] = {
    "OKP": OKPAlgorithm.from_jwk,
    "EC": ECAlgorithm.from_jwk,
    "RSA": RSAAlgorithm.from_jwk,
}

Key = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey


class UnsuitedKeyError(ValueError):
    """A key of a kind or strength that is not taken."""


class KeyUseError(ValueError):
    """A key that says of itself that it is for something else."""


def key_of(told: Mapping[str, object] | str) -> Key:
    """Raises UnsuitedKeyError; ValueError, TypeError or PyJWTError for what is no key."""
    if isinstance(told, str):
        found: object = load_pem_public_key(told.strip().encode())
    else:
        found = _READERS[_family(told)](dict(told))
    if not isinstance(found, Key):
        raise UnsuitedKeyError
    return found


def algorithms_of(key: Key, told: Mapping[str, object] | str) -> tuple[str, ...]:
    """What `key` may verify, the best first; one, where its JWK names one.

    Raises UnsuitedKeyError, KeyUseError.
    """
    fitting = _fitting(key)
    if isinstance(told, str):
        return fitting
    wanted = told.get("alg")
    if told.get("use", "sig") != "sig" or (wanted is not None and wanted not in fitting):
        raise KeyUseError
    return fitting if wanted is None else (str(wanted),)


def _family(told: Mapping[str, object]) -> str:
    family = told.get("kty")
    if family not in _READERS:
        raise UnsuitedKeyError
    return str(family)


def _fitting(key: Key) -> tuple[str, ...]:
    match key:
        case Ed25519PublicKey():
            return ("EdDSA",)
        case EllipticCurvePublicKey() if isinstance(key.curve, SECP256R1):
            return ("ES256",)
        case RSAPublicKey() if _is_strong(key):
            return RSA_ALGORITHMS
        case _:
            raise UnsuitedKeyError


def _is_strong(key: RSAPublicKey) -> bool:
    return key.key_size in RSA_BITS and key.public_numbers().e == RSA_EXPONENT

"""What a provider says of somebody, held against OpenID Connect Core 1.0, 3.1.3.7. Pure."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from services.gateway.access.jwks import Key, algorithms_of, key_of
from services.gateway.access.signed_claims import Json, header_of, moment_of, signed_claims
from services.gateway.oidc.begun import Begun
from services.gateway.oidc.errors import NotBelievedError

# Its clock and ours.
LEEWAY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Expected:
    """Who must say it, to whom, in answer to what, and when it is now (UTC)."""

    issuer: str
    client_id: str
    begun: Begun
    now: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """`email`: only one that the provider has verified. `proved_at`: when the person last proved who he is to
    it (UTC), if it says so."""

    subject: str
    email: str | None
    proved_at: datetime | None


def key_named(token: str, keys: Sequence[Json]) -> tuple[Key, tuple[str, ...]] | None:
    """The provider's key that the token names, and what that key may verify; None: no such key.

    Without a name the key must be the only one that fits.
    """
    header = header_of(token)
    named = [jwk for jwk in keys if "kid" not in header or jwk.get("kid") == header["kid"]]
    usable = [found for jwk in named if (found := _usable(jwk)) is not None]
    fitting = [found for found in usable if header.get("alg") in found[1]]
    return fitting[0] if len(fitting) == 1 else None


def believed(token: str, key: Key, algorithms: Sequence[str], expected: Expected) -> Said:
    """Raises NotBelievedError unless all of it holds."""
    claims = signed_claims(token, key, algorithms)
    if claims is None:
        raise NotBelievedError("the signature")
    _check_parties(claims, expected)
    _check_times(claims, expected)
    nonce, subject = claims.get("nonce"), claims.get("sub")
    if not isinstance(nonce, str) or not _same(nonce, expected.begun.nonce):
        raise NotBelievedError("the nonce")
    if not isinstance(subject, str) or not subject:
        raise NotBelievedError("the subject")
    return Said(subject, _verified_email(claims), _proved_at(claims, expected))


def _check_parties(claims: Json, expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise NotBelievedError("the issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    authorised = claims.get("azp", expected.client_id if len(audiences) == 1 else None)
    if expected.client_id not in audiences or authorised != expected.client_id:
        raise NotBelievedError("the audience")


def _check_times(claims: Json, expected: Expected) -> None:
    until, made = moment_of(claims.get("exp")), moment_of(claims.get("iat"))
    if until is None or until <= expected.now - LEEWAY:
        raise NotBelievedError("that it is over")
    begun_at = datetime.fromtimestamp(expected.begun.at, UTC)
    if made is None or not begun_at - LEEWAY <= made <= expected.now + LEEWAY:
        raise NotBelievedError("when it was made")


def _proved_at(claims: Json, expected: Expected) -> datetime | None:
    """Raises NotBelievedError when the person was to be asked anew, and was not."""
    at = moment_of(claims.get("auth_time"))
    begun_at = datetime.fromtimestamp(expected.begun.at, UTC)
    if expected.begun.fresh and (at is None or at < begun_at - LEEWAY):
        raise NotBelievedError("that the person was asked anew")
    return min(at, expected.now) if at else None


def _verified_email(claims: Json) -> str | None:
    email = claims.get("email")
    return email if isinstance(email, str) and claims.get("email_verified") is True else None


def _usable(jwk: Json) -> tuple[Key, tuple[str, ...]] | None:
    """None for keys of kinds that are not taken here; another may fit."""
    try:
        key = key_of(jwk)
        return key, algorithms_of(key, jwk)
    except (ValueError, TypeError, KeyError, jwt.PyJWTError):
        return None


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())

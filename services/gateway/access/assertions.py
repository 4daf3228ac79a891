"""How a client proves itself by a key: an assertion that it signs (RFC 7523; OpenID Connect Core 1.0, 9).

Whoever may be nobody costs what a client costs: what no key of the client could have signed is verified all
the same, by a key whose other half nobody has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.gateway.access.accounts import Pool
from services.gateway.access.jwks import RSA_ALGORITHMS, RSA_BITS, RSA_EXPONENT, Key
from services.gateway.access.once import used_first
from services.gateway.access.signed_claims import (
    Json,
    header_of,
    moment_of,
    signed_claims,
    unverified_claims,
)
from shared.ids import new_bytes

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LENGTH_LIMIT = 8_192
JTI_LIMIT = 256
LONGEST = timedelta(minutes=5)
# A clock that is a little ahead of ours.
EARLY = timedelta(seconds=30)
# What `typ` may be, if there is one: whatever else a client signs is no assertion.
KINDS = frozenset({"jwt", "client-authentication+jwt"})

# A key, and the one algorithm it is for.
Fitting = tuple[Key, str]


@dataclass(frozen=True, slots=True)
class Assertions:
    """`audiences`: what an assertion may be for. `nobodys`: keys of nobody's, one an algorithm."""

    pool: Pool
    audiences: frozenset[str]
    nobodys: Sequence[Fitting]

    async def prove(
        self, told: str, client_id: str, keys: Sequence[Fitting], now: datetime
    ) -> bool:
        """Whether one of `keys` signed it, for us, and it was never used before. From now on it was."""
        claims = self._signed(told, keys)
        until = self._holds_until(claims, client_id, now)
        if claims is None or until is None:
            return False
        name = f"{client_id}\n{claims['jti']}"
        return await used_first(self.pool, "client assertion", name, until, now)

    def _signed(self, told: str, keys: Sequence[Fitting]) -> Json | None:
        header = header_of(told)
        own = [each for each in keys if each[1] == header.get("alg")]
        nobodys = [each for each in self.nobodys if each[1] == header.get("alg")]
        tried = [signed_claims(told, key, [algorithm]) for key, algorithm in own or nobodys]
        found = [claims for claims in tried if claims is not None]
        return found[0] if own and found and _is_assertion(header) else None

    def _holds_until(self, claims: Json | None, client_id: str, now: datetime) -> datetime | None:
        """UTC; None unless every claim is right."""
        if claims is None or not claims.get("iss") == claims.get("sub") == client_id:
            return None
        since, until = moment_of(claims.get("nbf", 0)), moment_of(claims.get("exp"))
        if since is None or until is None:
            return None
        timely = since <= now + EARLY and now < until <= now + LONGEST
        return until if timely and self._is_for_us(claims.get("aud")) and _is_one(claims) else None

    def _is_for_us(self, audience: object) -> bool:
        """And for nobody else, who could present it here."""
        [only] = audience if isinstance(audience, list) and len(audience) == 1 else [audience]
        return isinstance(only, str) and only in self.audiences


def open_assertions(pool: Pool, issuer: str) -> Assertions:
    """`issuer`: without a slash at its end."""
    return Assertions(pool, frozenset({issuer, f"{issuer}/oauth/token"}), keys_of_nobody())


def keys_of_nobody() -> list[Fitting]:
    """One for each algorithm, as a client could have it."""
    strong = _never_made()
    return [
        (Ed25519PrivateKey.generate().public_key(), "EdDSA"),
        (ec.generate_private_key(ec.SECP256R1()).public_key(), "ES256"),
        *((strong, name) for name in RSA_ALGORITHMS),
    ]


def claimed(told: str) -> str:
    """Whose assertion it says it is; empty when it does not. Nothing is verified yet."""
    if len(told) > LENGTH_LIMIT:
        return ""
    issuer = unverified_claims(told).get("iss")
    return issuer if isinstance(issuer, str) and issuer.isprintable() else ""


def _never_made() -> rsa.RSAPublicKey:
    """Of the least size that a client's may have. Verifying by it takes what it always takes.

    Its number is chance, not the product of two primes: these take long to find, and nobody needs them.
    """
    highest = 1 << RSA_BITS.start - 1
    modulus = int.from_bytes(new_bytes(RSA_BITS.start // 8)) | highest | 1
    return rsa.RSAPublicNumbers(RSA_EXPONENT, modulus).public_key()


def _is_assertion(header: Json) -> bool:
    return "typ" not in header or str(header["typ"]).lower() in KINDS


def _is_one(claims: Json) -> bool:
    """Whether it has a name, by which a second one like it is known."""
    return isinstance(claims.get("jti"), str) and 0 < len(claims["jti"]) <= JTI_LIMIT

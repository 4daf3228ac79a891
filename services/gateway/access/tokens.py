"""Access tokens of machine clients: RFC 9068 (`at+jwt`), Ed25519, ten minutes."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.clock import utc_now
from shared.errors import UnauthenticatedError
from shared.ids import new_bytes
from shared.principal_signing import key_id

LIFETIME_SECONDS = 600
TYPE = "at+jwt"
REMEMBERED = 10_000
_CLAIMS = ["iss", "aud", "exp", "iat", "sub", "client_id"]


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a verified token says. `expires_at`: seconds since 1970, UTC."""

    client_id: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class Tokens:
    """Issues and verifies. A verified token is remembered by digest until it expires."""

    key: Ed25519PrivateKey
    issuer: str
    verified: OrderedDict[bytes, Bearer] = field(default_factory=OrderedDict)

    @property
    def public_key(self) -> Ed25519PublicKey:
        return self.key.public_key()

    def issue(self, client_id: str) -> str:
        now = int(utc_now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": self.issuer,
            "sub": client_id,
            "client_id": client_id,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "jti": new_bytes(16).hex(),
        }
        headers = {"typ": TYPE, "kid": key_id(self.public_key)}
        return jwt.encode(claims, self.key, algorithm="EdDSA", headers=headers)

    def verify(self, token: str) -> Bearer:
        """Raises UnauthenticatedError unless we issued it and it still holds."""
        digest = hashlib.sha256(token.encode()).digest()
        bearer = self.verified.get(digest) or self._checked(token)
        if bearer.expires_at <= utc_now().timestamp():
            self.verified.pop(digest, None)
            raise UnauthenticatedError("The access token has expired.", code="token_expired")
        self.verified[digest] = bearer
        if len(self.verified) > REMEMBERED:
            self.verified.popitem(last=False)
        return bearer

    def _checked(self, token: str) -> Bearer:
        try:
            if jwt.get_unverified_header(token).get("typ") != TYPE:
                raise jwt.InvalidTokenError("another type of token")
            claims = jwt.decode(
                token,
                self.public_key,
                algorithms=["EdDSA"],
                audience=self.issuer,
                issuer=self.issuer,
                options={"require": _CLAIMS, "verify_exp": False},  # exp: by our own clock, above
            )
            return Bearer(str(claims["client_id"]), float(claims["exp"]))
        except (jwt.PyJWTError, ValueError) as wrong:
            raise UnauthenticatedError("The access token is not one of ours.") from wrong

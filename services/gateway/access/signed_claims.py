"""JSON Web Tokens as far as everybody here reads them: the signature, and nothing of what is claimed.

Claims are held against our own clock (shared/clock.py) and each reader's own rules.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import jwt
from jwt.types import Options

from services.gateway.access.jwks import Key

_UNREAD: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}
Json = Mapping[str, Any]  # Any: JSON


def header_of(token: str) -> Json:
    """Empty when it cannot be read. Nothing is verified."""
    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError):
        return {}


def unverified_claims(token: str) -> Json:
    """Empty when they cannot be read. Nothing is verified."""
    try:
        return jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError):
        return {}


def signed_claims(token: str, key: Key, algorithms: Sequence[str]) -> Json | None:
    """What is claimed, if `key` signed it by one of `algorithms`."""
    try:
        return jwt.decode(token, key, algorithms=list(algorithms), options=_UNREAD)
    except (jwt.PyJWTError, ValueError):
        return None


def moment_of(claim: object) -> datetime | None:
    """UTC, of seconds since 1970; None for anything else."""
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        return None
    try:
        return datetime.fromtimestamp(claim, UTC)
    except (ValueError, OverflowError, OSError):
        return None

"""The gateway vouches for who asks: a signed header, good for one request, service and mission.

`<base64url(JSON)>.<base64url(Ed25519 signature)>`. Services accept nothing else.
"""

import base64
import binascii
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.clock import utc_now
from shared.errors import UnauthenticatedError
from shared.ids import RecordId
from shared.principal import Principal
from shared.roles import Role

HEADER = "Parley-Principal"
LIFETIME_SECONDS = 30
SKEW_SECONDS = 5
# A release that knows nothing of viewing as others must not take such a principal for an ordinary one.
VIEWED = " viewed"

_log = logging.getLogger(__name__)


def request_digest(method: str, target: str, body: bytes) -> str:
    """What the signature covers of the request. `target`: path and query exactly as sent."""
    body_digest = hashlib.sha256(body).hexdigest()
    return hashlib.sha256(f"{method}\n{target}\n{body_digest}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Signer:
    """The gateway's side."""

    key: Ed25519PrivateKey
    mission: str

    def sign(self, principal: Principal, audience: str, digest: str) -> str:
        """The header's value for one request to the service named `audience`."""
        now = int(utc_now().timestamp())
        payload = _principal_json(principal) | {
            "kid": key_id(self.key.public_key()),
            "aud": audience + (VIEWED if principal.viewer else ""),
            "mission": self.mission,
            "digest": digest,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
        }
        body = orjson.dumps(payload)
        return f"{_encoded(body)}.{_encoded(self.key.sign(body))}"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A service's side. `keys` by key id, so that the gateway's can be changed without a pause."""

    keys: Mapping[str, Ed25519PublicKey]
    audience: str
    mission: str

    def verify(self, header: str | None, digest: str) -> Principal:
        """Raises UnauthenticatedError unless the gateway signed this request, just now, for us."""
        try:
            payload = self._signed_payload(header or "")
            if not self._is_for_us(payload, digest):
                raise ValueError("signed for something else")
            if not _is_of_now(payload):
                raise ValueError("signed for another moment")
            return _principal(payload)
        except (ValueError, KeyError, TypeError, binascii.Error, InvalidSignature) as wrong:
            raise UnauthenticatedError("The request does not come through the gateway.") from wrong

    def _signed_payload(self, header: str) -> dict[str, Any]:  # Any: JSON
        body, _, signature = header.partition(".")
        signed = _decoded(body)
        payload: dict[str, Any] = orjson.loads(signed)  # Any: JSON
        self.keys[payload["kid"]].verify(_decoded(signature), signed)
        return payload

    def _is_for_us(self, payload: Mapping[str, Any], digest: str) -> bool:  # Any: JSON
        named = (payload["aud"], payload["mission"], payload["digest"])
        whose = self.audience + (VIEWED if payload.get("viewer") else "")
        return named == (whose, self.mission, digest)


def _is_of_now(payload: Mapping[str, Any]) -> bool:  # Any: JSON
    now = utc_now().timestamp()
    issued, expires = float(payload["iat"]), float(payload["exp"])
    if issued - SKEW_SECONDS <= now <= expires and expires - issued <= LIFETIME_SECONDS:
        return True
    # The one reason an operator can do something about: without it, all is refused and nobody knows why.
    _log.warning(
        "the gateway's signature is of another moment: compare the clocks",
        extra={"seconds_apart": round(now - issued, 1)},
    )
    return False


def key_id(key: Ed25519PublicKey) -> str:
    """A name for the key, made from the key itself."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def load_signer(path: Path, mission: str) -> Signer:
    """Reads a private key in PEM. Raises ValueError when it is not Ed25519."""
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("the gateway's key is not an Ed25519 key")
    return Signer(key, mission)


def load_verifier(path: Path, audience: str, mission: str) -> Verifier:
    """Reads a public key in PEM. Raises ValueError when it is not Ed25519."""
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("the gateway's public key is not an Ed25519 key")
    return Verifier({key_id(key): key}, audience, mission)


def _principal_json(principal: Principal) -> dict[str, Any]:  # Any: JSON
    moment = principal.scenario_time
    return {
        "subject": principal.subject,
        "organisation": str(principal.organisation),
        "client": principal.client,
        "communities": sorted(principal.communities),
        "caveats": sorted(principal.caveats),
        "levels": principal.levels,
        "roles": sorted(principal.roles),
        "language": principal.language,
        "policy_epoch": principal.policy_epoch,
        "scenario_time": moment.isoformat() if moment else None,
        "opened": sorted(principal.opened),
        "viewer": _principal_json(principal.viewer) if principal.viewer else None,
        "stands_for": str(principal.stands_for) if principal.stands_for else None,
    }


def _principal(payload: Mapping[str, Any]) -> Principal:  # Any: JSON
    moment, viewer, of = payload["scenario_time"], payload.get("viewer"), payload.get("stands_for")
    return Principal(
        subject=payload["subject"],
        organisation=RecordId.parse(payload["organisation"]),
        client=payload["client"],
        communities=frozenset(payload["communities"]),
        caveats=frozenset(payload["caveats"]),
        levels=payload["levels"],
        roles=frozenset(Role(role) for role in payload["roles"]),
        language=payload["language"],
        policy_epoch=payload["policy_epoch"],
        scenario_time=_aware(moment) if moment else None,
        opened=frozenset(payload.get("opened", ())),
        viewer=_principal(viewer) if viewer else None,
        stands_for=RecordId.parse(of) if of else None,
    )


def _aware(spelled: str) -> datetime:
    moment = datetime.fromisoformat(spelled)
    if moment.utcoffset() is None:
        raise ValueError("a time without zone")
    return moment


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(spelled: str) -> bytes:
    return base64.b64decode(spelled + "=" * (-len(spelled) % 4), altchars=b"-_", validate=True)

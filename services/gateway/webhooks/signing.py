"""Signatures of the Standard Webhooks specification: `v1` (HMAC-SHA256) and `v1a` (Ed25519).

Each webhook has secrets of its own, so that no receiver can show another what was signed for it.
They are kept sealed; while a rotation overlaps, the previous ones sign too.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.ids import new_bytes
from shared.key_ring import KeyRing

SECRET_BYTES = 32
USER_AGENT = "parley-webhooks/1"
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Pair:
    """What one generation signs with: a secret both sides know, and a seed only we do."""

    secret: bytes
    seed: bytes

    @property
    def spelled_secret(self) -> str:
        return "whsec_" + base64.b64encode(self.secret).decode()

    @property
    def public_key(self) -> str:
        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return "whpk_" + base64.b64encode(key.public_bytes_raw()).decode()

    def signatures(self, signed: bytes) -> list[str]:
        digest = hmac.digest(self.secret, signed, hashlib.sha256)
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(signed)
        both = {"v1": digest, "v1a": signature}
        return [f"{name},{base64.b64encode(raw).decode()}" for name, raw in both.items()]


def new_pair() -> Pair:
    return Pair(new_bytes(SECRET_BYTES), new_bytes(SECRET_BYTES))


def signed_headers(
    pairs: Sequence[Pair], message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Headers of one attempt; `timestamp`: seconds since 1970. Every pair signs, the newest first."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(one for pair in pairs for one in pair.signatures(signed)),
        "content-type": MEDIA_TYPE,
        "user-agent": USER_AGENT,
    }


def sealed_pairs(wrapping: KeyRing, webhook_id: str, pairs: Sequence[Pair]) -> bytes:
    """With the gateway's key-encryption key. Bound to the webhook: no row's secrets open in another."""
    plain = orjson.dumps([[pair.secret.hex(), pair.seed.hex()] for pair in pairs])
    return wrapping.seal(plain, bound_to(webhook_id))


def opened_pairs(wrapping: KeyRing, webhook_id: str, sealed: bytes) -> tuple[Pair, ...]:
    """Newest first. Raises InvalidTag on tampering."""
    plain = wrapping.open(sealed, bound_to(webhook_id))
    return tuple(Pair(*(bytes.fromhex(part) for part in pair)) for pair in orjson.loads(plain))


def bound_to(webhook_id: str) -> bytes:
    """Of whose row the sealed secrets are."""
    return f"webhook secrets|{webhook_id}".encode()

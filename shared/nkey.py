"""A user of NATS by key: an Ed25519 seed in NATS's spelling (prefix, CRC-16, base 32).

Spelling: github.com/nats-io/nkeys. Ours, because the Python library for it comes without a wheel.
"""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SEED = 18 << 3
USER = 20 << 3
SEED_BYTES = 32
CHECKSUM_BYTES = 2


@dataclass(frozen=True, slots=True)
class NatsUser:
    """`public_key` is the user's name on the server (`U...`)."""

    public_key: str
    _private: Ed25519PrivateKey

    def sign(self, nonce: str) -> bytes:
        """The answer to a server's nonce, as the client library sends it."""
        return base64.b64encode(self._private.sign(nonce.encode()))


def seed_from(secret: bytes) -> str:
    """The seed (`SU...`) that spells 32 random bytes. Keep it for its owner's eyes only."""
    return _spelled(bytes([SEED | USER >> 5, (USER & 31) << 3]) + secret)


def load_user(seed_file: Path) -> NatsUser:
    """Raises ValueError when the file does not hold a user's seed."""
    spelled = seed_file.read_text(encoding="ascii").strip()
    raw = base64.b32decode(spelled + "=" * (-len(spelled) % 8))
    body, checksum = raw[:-CHECKSUM_BYTES], raw[-CHECKSUM_BYTES:]
    if not spelled.startswith("SU") or _checksum(body) != checksum:
        raise ValueError(f"{seed_file.name} does not hold the seed of a NATS user")
    private = Ed25519PrivateKey.from_private_bytes(body[-SEED_BYTES:])
    public = private.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    return NatsUser(_spelled(bytes([USER]) + public), private)


def _spelled(body: bytes) -> str:
    return base64.b32encode(body + _checksum(body)).decode().rstrip("=")


def _checksum(body: bytes) -> bytes:
    return binascii.crc_hqx(body, 0).to_bytes(CHECKSUM_BYTES, "little")

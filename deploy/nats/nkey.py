"""nkeys of users: Ed25519 seeds in NATS's spelling (prefix, CRC-16, base 32)."""

import base64
import binascii
import secrets

import nkeys

PREFIX_SEED = 18 << 3
PREFIX_USER = 20 << 3


def make_seed() -> str:
    """A new user's seed (`SU...`). Keep it 0600."""
    raw = bytes([PREFIX_SEED | (PREFIX_USER >> 5), (PREFIX_USER & 31) << 3]) + secrets.token_bytes(
        32
    )
    checksum = binascii.crc_hqx(raw, 0).to_bytes(2, "little")
    return base64.b32encode(raw + checksum).decode().rstrip("=")


def public_key(seed: str) -> str:
    """The user's public name (`U...`), as the server's configuration has it."""
    key = nkeys.from_seed(bytearray(seed.strip().encode()))
    return str(key.public_key.decode())

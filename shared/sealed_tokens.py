"""Sealed strings callers hand back: positions, page cursors, feed cursors.

They are encrypted, because raw positions tell how much a caller cannot see; bound to the caller, so
that one caller's string means nothing to another; and of one length per purpose, so that length
tells nothing.
"""

import base64
import binascii
import hashlib
import hmac
from enum import StrEnum
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import MalformedError
from shared.ids import new_bytes

NONCE_BYTES = 12


class Purpose(StrEnum):
    """What a sealed string is for. One of another purpose does not open."""

    POSITION = "position"
    PAGE = "page"
    FEED = "feed"
    SIGN_IN = "sign-in"


# A page cursor holds a sort key, at most a name of 300 characters of 4 bytes each, and an id.
# A sign-in holds where it leads, at most 600 bytes, and three random values.
_CONTENT_BYTES = {
    Purpose.POSITION: 120,
    Purpose.PAGE: 1_410,
    Purpose.FEED: 420,
    Purpose.SIGN_IN: 1_500,
}


class TokenBook:
    """Seals and opens. `secret`: 32 bytes, shared by all processes that must open each other's."""

    def __init__(self, secret: bytes) -> None:
        self._ciphers = {purpose: AESGCM(_subkey(secret, purpose)) for purpose in Purpose}

    def seal(self, purpose: Purpose, caller: str, content: Any) -> str:  # Any: JSON
        """Raises ValueError when `content` is larger than this purpose's strings can hold."""
        plain = orjson.dumps(content)
        size = _CONTENT_BYTES[purpose]
        if len(plain) > size:
            raise ValueError(f"too much for a sealed {purpose}")
        nonce = new_bytes(NONCE_BYTES)
        box = self._ciphers[purpose].encrypt(nonce, plain.ljust(size), caller.encode())
        return base64.urlsafe_b64encode(nonce + box).rstrip(b"=").decode()

    def open(self, purpose: Purpose, caller: str, token: str) -> Any:  # Any: JSON
        """Raises MalformedError when `token` was not sealed here for this purpose and caller."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            nonce, box = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
            plain = self._ciphers[purpose].decrypt(nonce, box, caller.encode())
        except (InvalidTag, binascii.Error, ValueError) as wrong:
            raise MalformedError(f"This {purpose} was not given to you.") from wrong
        return orjson.loads(plain)


def _subkey(secret: bytes, purpose: Purpose) -> bytes:
    return hmac.new(secret, f"parley token {purpose}".encode(), hashlib.sha256).digest()

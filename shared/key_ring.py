"""The key-encryption keys of a service, in a file: the first line's wraps, the others still open.

A file is replaced while the service runs (`./parley keys rotate`), so it is looked at before anything is
wrapped, and again when something opens with no key that is known. Nothing wrapped says with which key: a
service has few, and a wrong one is told at once.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.ids import new_bytes

SECRET_BYTES = 32
NONCE_BYTES = 12
NAME_LETTERS = 16
RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """`retired_at`: since when it wraps nothing new (UTC); None of the first."""

    secret: bytes = field(repr=False)
    retired_at: datetime | None = None

    @property
    def name(self) -> str:
        """Tells two apart and gives nothing away."""
        digest = hashlib.sha256(b"parley key-encryption key" + self.secret)
        return digest.hexdigest()[:NAME_LETTERS]

    def seal(self, plain: bytes, bound_to: bytes) -> bytes:
        nonce = new_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.secret).encrypt(nonce, plain, bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes | None:
        """None when it was sealed with another, or changed since."""
        try:
            box = AESGCM(self.secret)
            return box.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
        except InvalidTag:
            return None


class KeyRing:
    """Those of the file `path`. Raises OSError or ValueError when it holds none."""

    def __init__(self, path: Path | None, keys: Sequence[WrappingKey] = ()) -> None:
        self._path = path
        self._keys = tuple(keys)
        self._seen: tuple[int, int] | None = None
        self._look()

    @classmethod
    def of(cls, secret: bytes) -> "KeyRing":
        """One key that never changes."""
        return cls(None, [WrappingKey(secret)])

    @property
    def keys(self) -> tuple[WrappingKey, ...]:
        """As the file holds them now."""
        self._look()
        return self._keys

    def seal(self, plain: bytes, bound_to: bytes) -> bytes:
        """With the present key. Raises as opening the file does: what it lacks is lost at the next start."""
        return self.keys[0].seal(plain, bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Raises InvalidTag when no key fits, or on tampering."""
        found = self._opened(sealed, bound_to)
        if found is None and self._look():
            found = self._opened(sealed, bound_to)
        if found is None:
            raise InvalidTag
        return found

    def _opened(self, sealed: bytes, bound_to: bytes) -> bytes | None:
        for key in self._keys:
            if (found := key.open(sealed, bound_to)) is not None:
                return found
        return None

    def _look(self) -> bool:
        """Whether the file has changed since the last look."""
        if self._path is None:
            return False
        status = os.stat(self._path)
        seen = (status.st_ino, status.st_mtime_ns)
        if seen == self._seen:
            return False
        self._keys, self._seen = read_ring(self._path), seen
        return True


def read_ring(path: Path) -> tuple[WrappingKey, ...]:
    """Raises OSError or ValueError."""
    keys = tuple(_key(line.split(), path) for line in path.read_text("ascii").splitlines() if line)
    if not keys or keys[0].retired_at or not all(key.retired_at for key in keys[1:]):
        raise ValueError(f"{path.name} does not hold one present key, and retired ones behind it")
    return keys


def spelled(keys: Sequence[WrappingKey]) -> str:
    """The content of their file."""
    return "\n".join(
        f"{key.secret.hex()} {RETIRED} {key.retired_at.isoformat()}"
        if key.retired_at
        else key.secret.hex()
        for key in keys
    )


def _key(words: Sequence[str], path: Path) -> WrappingKey:
    secret = bytes.fromhex(words[0])
    if len(secret) != SECRET_BYTES or words[1:2] not in ([], [RETIRED]):
        raise ValueError(f"{path.name} does not hold {SECRET_BYTES} bytes a line")
    return WrappingKey(secret, datetime.fromisoformat(words[2]) if words[1:] else None)

"""Passwords and client secrets: argon2id in the table, a short memory of what was right."""

import asyncio
import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.clock import utc_now
from shared.errors import BusyError
from shared.ids import new_bytes

SECRET_BYTES = 32
LENGTH_LIMIT = 1_024
# Each verification takes 64 MiB and tens of milliseconds of a core, by design.
AT_ONCE = 2
WAIT_SECONDS = 5.0
REMEMBERED = 10_000
REMEMBERED_SECONDS = 900.0
# The library's parameters (RFC 9106, low memory). What was hashed with others is still verified.
HASHER = PasswordHasher()


def hashed(secret: str) -> str:
    """argon2id, as `HASHER` has it."""
    return HASHER.hash(secret)


@dataclass(frozen=True, slots=True)
class Passwords:
    """Verifies. What was right is remembered as a keyed digest, so that a machine's token is quick."""

    nothing_hash: str  # compared with when there is no account, so that it takes as long
    key: bytes
    right: OrderedDict[bytes, float] = field(default_factory=OrderedDict)
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def matches(self, secret: str, secret_hash: str | None, *, remember: bool) -> bool:
        """Whether `secret` is the one. Raises BusyError when too many are asked about at once."""
        if len(secret) > LENGTH_LIMIT:
            return False
        known = self._digest(secret, secret_hash or self.nothing_hash)
        if remember and self.right.get(known, 0.0) > utc_now().timestamp():
            return True
        right = await self._verified(secret, secret_hash or self.nothing_hash)
        if right and remember and secret_hash:
            self._remember(known)
        return right and secret_hash is not None

    async def _verified(self, secret: str, secret_hash: str) -> bool:
        try:
            async with asyncio.timeout(WAIT_SECONDS), self.turns:
                return await asyncio.to_thread(_verify, secret_hash, secret)
        except TimeoutError as wait:
            raise BusyError("Too many sign-ins just now.", retry_after_seconds=2) from wait

    def _digest(self, secret: str, secret_hash: str) -> bytes:
        return hmac.digest(self.key, f"{secret_hash}\n{secret}".encode(), hashlib.sha256)

    def _remember(self, digest: bytes) -> None:
        self.right[digest] = utc_now().timestamp() + REMEMBERED_SECONDS
        if len(self.right) > REMEMBERED:
            self.right.popitem(last=False)


def open_passwords() -> Passwords:
    return Passwords(hashed(new_bytes(SECRET_BYTES).hex()), new_bytes(SECRET_BYTES))


def _verify(secret_hash: str, secret: str) -> bool:
    try:
        return HASHER.verify(secret_hash, secret)
    except (VerificationError, InvalidHashError):
        return False

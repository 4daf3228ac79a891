"""What a device is asked to sign: made here a moment ago, for one purpose and person, and taken once.

A challenge proves itself, so that asking for one keeps nothing: whoever asks for millions fills no table.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from services.gateway.access.accounts import Pool
from services.gateway.access.once import used_first
from services.gateway.passkeys.errors import NotProvenError
from shared.ids import new_bytes

LASTING = timedelta(minutes=3)
NONCE_BYTES, MOMENT_BYTES = 16, 8
PROVEN_BYTES = NONCE_BYTES + MOMENT_BYTES


class Purpose(StrEnum):
    ADD = "add"
    SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True)
class Challenges:
    """`secret`: shared by all replicas. `whose`: the person's account; empty: anybody's."""

    pool: Pool
    secret: bytes

    def new(self, purpose: Purpose, whose: str, now: datetime) -> bytes:
        until = int((now + LASTING).timestamp()).to_bytes(MOMENT_BYTES)
        told = new_bytes(NONCE_BYTES) + until
        return told + self._proof(purpose, whose, told)

    async def take(self, purpose: Purpose, whose: str, raw: bytes, now: datetime) -> None:
        """Raises NotProvenError unless it was made here for this, is not over, and was never taken."""
        told, proof = raw[:PROVEN_BYTES], raw[PROVEN_BYTES:]
        if not hmac.compare_digest(proof, self._proof(purpose, whose, told)):
            raise NotProvenError("another challenge")
        until = datetime.fromtimestamp(int.from_bytes(told[NONCE_BYTES:]), UTC)
        if until <= now:
            raise NotProvenError("an old challenge")
        if not await used_first(self.pool, "passkey challenge", raw.hex(), until, now):
            raise NotProvenError("a challenge that was taken")

    def _proof(self, purpose: Purpose, whose: str, told: bytes) -> bytes:
        named = f"passkey challenge\n{purpose}\n{whose}\n".encode()
        return hmac.digest(self.secret, named + told, hashlib.sha256)

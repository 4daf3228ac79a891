"""A device that makes passkeys and signs with them, as WebAuthn says, or otherwise in one thing."""

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

from shared.ids import new_bytes

PRESENT, VERIFIED, HELD = 0x01, 0x04, 0x40
Json = dict[str, Any]  # Any: JSON


def spelled(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Device:
    """One passkey. `flags`: what it says of the person; `count`: None: it does not count."""

    origin: str
    host: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int | None = 0
    more: Json = field(default_factory=dict)
    credential_id: bytes = field(default_factory=lambda: new_bytes(32))
    private: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: bytes = b""

    def make(self, asked: Json) -> Json:
        """What the browser answers to options for a new passkey."""
        self.handle = _raw(asked["user"]["id"])
        cose: Any = ES256.from_cryptography_key  # Any: the library says no types here
        key = cbor.encode(cose(self.private.public_key()))
        attested = new_bytes(16) + struct.pack(">H", len(self.credential_id))
        data = self._data(HELD) + attested + self.credential_id + key
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        told = self._client("webauthn.create", asked["challenge"])
        return self._answer(
            {"clientDataJSON": spelled(told), "attestationObject": spelled(cbor.encode(statement))}
        )

    def sign(self, asked: Json) -> Json:
        """What the browser answers to options for signing."""
        told, data = self._client("webauthn.get", asked["challenge"]), self._data()
        signed = data + hashlib.sha256(told).digest()
        signature = self.private.sign(signed, ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": told, "authenticatorData": data, "signature": signature}
        parts["userHandle"] = self.handle
        return self._answer({name: spelled(part) for name, part in parts.items()})

    def _data(self, flag: int = 0) -> bytes:
        if self.count is not None:
            self.count += 1
        digest = hashlib.sha256(self.host.encode()).digest()
        return digest + struct.pack(">BI", self.flags | flag, self.count or 0)

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told | self.more).encode()

    def _answer(self, response: Json) -> Json:
        named = spelled(self.credential_id)
        return {"id": named, "rawId": named, "type": "public-key", "response": response}


def _raw(told: str) -> bytes:
    return base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))

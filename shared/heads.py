"""Signed heads: "at this moment the chain of this service ended here". Who keeps them is a witness.

A head is canonical JSON (sorted keys, no blanks, ASCII) and an Ed25519 signature over exactly that. Whoever
holds one can show later that the chain was cut off or written anew (`./parley verify --against`).
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.bus import Address
from shared.clock import utc_now
from shared.eventstore.model import Head
from shared.principal_signing import key_id

# Part of what is signed: a signature under this key never means anything else.
FORMAT = "parley.head.v1"

Json = dict[str, Any]  # Any: JSON


class HeadError(ValueError):
    """This is no head, or its signature is not that of the key it names."""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """`body` is what was signed, to the byte."""

    body: str
    signature: bytes

    @property
    def told(self) -> Json:
        """Its fields: format, mission, site, service, epoch, position, hash, times, key."""
        fields: Json = json.loads(self.body)
        return fields

    def to_json(self) -> Json:
        return self.told | {"signature": base64.b64encode(self.signature).decode()}


@dataclass(frozen=True, slots=True)
class HeadSigner:
    """Signs the heads of one service's store."""

    key: Ed25519PrivateKey
    address: Address

    def sign(self, head: Head, recorded_at: datetime) -> SignedHead:
        """`recorded_at`: of the event at the head."""
        fields = {
            "format": FORMAT,
            "mission": self.address.mission,
            "site": self.address.site,
            "service": self.address.service,
            "epoch": head.epoch,
            "position": head.position,
            "hash": head.hash.hex(),
            "recorded_at": recorded_at.isoformat(),
            "signed_at": utc_now().isoformat(),
            "key_id": key_id(self.key.public_key()),
        }
        body = canonical(fields)
        return SignedHead(body, self.key.sign(body.encode()))

    def public_key(self) -> Json:
        """The key as it is offered beside the heads."""
        public = self.key.public_key()
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {
            "service": self.address.service,
            "key_id": key_id(public),
            "algorithm": "Ed25519",
            "public_key": base64.b64encode(raw).decode(),
        }


def load_head_signer(seed: bytes, address: Address) -> HeadSigner:
    """`seed`: the 32 bytes of the service's secret for heads."""
    return HeadSigner(Ed25519PrivateKey.from_private_bytes(seed), address)


def canonical(fields: Mapping[str, Any]) -> str:  # Any: JSON
    return json.dumps(fields, sort_keys=True, separators=(",", ":"))


def signed_head(told: Mapping[str, Any]) -> SignedHead:  # Any: JSON
    """A head as it was published. Raises HeadError when it is none; says nothing of its signature."""
    body = {name: value for name, value in told.items() if name != "signature"}
    try:
        signature = base64.b64decode(told["signature"], validate=True)
        int(body["epoch"]), int(body["position"]), bytes.fromhex(body["hash"])
    except (KeyError, TypeError, ValueError, binascii.Error) as wrong:
        raise HeadError("this is not a published head") from wrong
    if body.get("format") != FORMAT:
        raise HeadError("this is not a published head of a format known here")
    return SignedHead(canonical(body), signature)


def check_signature(head: SignedHead, keys: Mapping[str, Ed25519PublicKey]) -> None:
    """Raises HeadError unless the head was signed by the key it names, which `keys` holds by its id."""
    key = keys.get(head.told.get("key_id", ""))
    if key is None:
        raise HeadError("a head is signed by a key that is not known")
    try:
        key.verify(head.signature, head.body.encode())
    except InvalidSignature as wrong:
        raise HeadError("a head's signature is not right") from wrong

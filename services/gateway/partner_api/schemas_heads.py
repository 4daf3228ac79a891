"""The shapes of signed heads (shared/heads.py) as witnesses get them."""

from datetime import datetime
from typing import Literal

from services.gateway.partner_api.schemas_parts import Answer


class Head(Answer):
    """Where a service's chain stood. Signed: its other fields as JSON with sorted keys and no blanks."""

    format: Literal["parley.head.v1"]
    mission: str
    site: str
    service: str
    epoch: int
    position: int
    hash: str
    recorded_at: datetime
    signed_at: datetime
    key_id: str
    signature: str


class HeadKey(Answer):
    """A public key that signs heads: 32 bytes in base64. Compare it once by another way."""

    service: str
    key_id: str
    algorithm: Literal["Ed25519"]
    public_key: str


class Heads(Answer):
    items: list[Head]
    keys: list[HeadKey]

"""An event's sealed fields as one encrypted box inside its data, and back. Pure but for nonces."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.contracts.event import DomainEvent
from shared.event_types import EventType
from shared.ids import new_bytes
from shared.keys import Key

NONCE_BYTES = 12
SEALED = "sealed"

Fields = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Parts:
    """An event's JSON, what is stored in clear apart from what is sealed."""

    clear: Fields
    secret: Fields


def split(event: DomainEvent, shape: EventType) -> Parts:
    """Sealed fields that are empty are left out altogether: their default says the same."""
    fields = event.model_dump(mode="json", exclude_none=True)
    secret = {name: fields.pop(name) for name in shape.sealed if name in fields}
    kept = {
        name: value for name, value in secret.items() if value != [] or name not in shape.optional
    }
    return Parts(fields, kept)


def stored(parts: Parts, event_id: UUID, type_: str, subject: str, key: Key | None) -> bytes:
    """The bytes an event is stored and hashed as. `key` is needed only if something is secret."""
    if not parts.secret:
        return orjson.dumps(parts.clear, option=orjson.OPT_SORT_KEYS)
    if key is None or key.secret is None:
        raise ValueError("sealing needs a key")
    nonce = new_bytes(NONCE_BYTES)
    plain = orjson.dumps(parts.secret, option=orjson.OPT_SORT_KEYS)
    bound = _bound_to(event_id, type_, subject, key.version)
    box = nonce + AESGCM(key.secret).encrypt(nonce, plain, bound)
    entry = {"key": subject, "v": key.version, "box": base64.b64encode(box).decode()}
    return orjson.dumps(parts.clear | {SEALED: [entry]}, option=orjson.OPT_SORT_KEYS)


def opened(entry: Mapping[str, Any], event_id: UUID, type_: str, key: Key | None) -> Fields | None:
    """The sealed fields, or None when their key is gone. Raises InvalidTag on tampering."""
    if key is None or key.secret is None or key.version != entry["v"]:
        return None
    box = base64.b64decode(entry["box"])
    bound = _bound_to(event_id, type_, entry["key"], key.version)
    plain = AESGCM(key.secret).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound)
    fields: Fields = orjson.loads(plain)
    return fields


def sealed_content(content: bytes, subject: str, key: Key) -> bytes:
    """A file of `subject` as it is stored: nonce and ciphertext. Raises ValueError without a secret."""
    if key.secret is None:
        raise ValueError("sealing needs a key")
    nonce = new_bytes(NONCE_BYTES)
    bound = f"content|{subject}|{key.version}".encode()
    return nonce + AESGCM(key.secret).encrypt(nonce, content, bound)


def opened_content(sealed: bytes, subject: str, key: Key | None) -> bytes | None:
    """The file, or None when its key is gone. Raises InvalidTag on tampering."""
    if key is None or key.secret is None:
        return None
    bound = f"content|{subject}|{key.version}".encode()
    return AESGCM(key.secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)


def _bound_to(event_id: UUID, type_: str, subject: str, version: int) -> bytes:
    return f"{event_id}|{type_}|{subject}|{version}".encode()

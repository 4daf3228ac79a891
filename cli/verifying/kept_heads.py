"""Signed heads from the files of whoever kept them, and the public keys they must be signed with."""

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from deploy.local.errors import LocalError
from deploy.local.state import State
from shared.bus import Address
from shared.heads import HeadError, SignedHead, check_signature, load_head_signer, signed_head
from shared.principal_signing import key_id
from shared.settings import read_secret

Json = dict[str, Any]  # Any: JSON


def read_heads(path: Path) -> list[SignedHead]:
    """Answers of `GET /v1/heads`, or heads, as JSON or one a line. Raises LocalError for anything else."""
    try:
        text = path.read_text("utf-8")
        return [signed_head(one) for one in _told(text)]
    except (OSError, ValueError, HeadError) as wrong:
        raise LocalError(f"{path} is not a file of signed heads: {wrong}.") from wrong


def check_signatures(heads: Iterable[SignedHead], keys: dict[str, Ed25519PublicKey]) -> list[str]:
    """What is wrong with them, in words."""
    wrong = []
    for head in heads:
        try:
            check_signature(head, keys)
        except HeadError as refused:
            wrong.append(f"{refused} (position {head.told['position']})")
    return wrong


def own_key(secrets: Path, state: State, service: str) -> dict[str, Ed25519PublicKey]:
    """This installation's key for heads of `service`, by its id."""
    address = Address(state.mission, state.site, service)
    signer = load_head_signer(read_secret(secrets / f"heads-{service}.key"), address)
    public = signer.key.public_key()
    return {key_id(public): public}


def key_of(spelled: str) -> Ed25519PublicKey:
    """A public key as the gateway offers it. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(spelled, validate=True))


def _told(text: str) -> list[Json]:
    try:
        read = [json.loads(text)]
    except json.JSONDecodeError:
        read = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [head for one in read for head in _heads_in(one)]


def _heads_in(told: Any) -> list[Json]:  # Any: JSON
    match told:
        case list():
            return [head for one in told for head in _heads_in(one)]
        case {"items": list() as items}:
            return items
        case dict():
            return [told]
        case _:
            raise HeadError("neither an object nor a list")

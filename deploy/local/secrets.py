"""Makes an installation's secrets once, in files that only their owner reads."""

import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.local.layout import write_private
from deploy.local.state import SERVICES
from shared.nkey import load_user, seed_from

SECRET_BYTES = 32
DECIDING = ("contacts", "engagements", "gateway")
# A deciding service's own keys: for ids of commands, around the keys it seals with, to sign heads.
USES = ("command", "kek", "heads")


def make_secrets(folder: Path) -> None:
    """Every file that is missing; what is there stays."""
    names = [f"{use}-{service}.key" for service in DECIDING for use in USES]
    for name in [*names, "tokens.key"]:
        _once(folder / name, secrets.token_hex(SECRET_BYTES))
    for service in SERVICES:
        _once(seed_file(folder, service), _new_seed())
    # With the one the gateway vouches for callers, with the other a cold rebuild reads events.
    for signer in ("gateway", "rebuild"):
        if not (folder / f"{signer}.ed25519.pub").exists():
            _make_signing_key(folder, signer)


def seed_file(folder: Path, service: str) -> Path:
    """The nkey seed with which `service` signs in to NATS."""
    return folder / f"nats-{service}.seed"


def public_key(seed: Path) -> str:
    """The NATS user of a seed file."""
    return load_user(seed).public_key


def passwords(folder: Path, roles: list[str]) -> dict[str, str]:
    """A random password per database role, made once."""
    path = folder / "database.json"
    known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    missing = [role for role in roles if role not in known]
    if missing:
        known |= {role: secrets.token_urlsafe(SECRET_BYTES) for role in missing}
        write_private(path, json.dumps(known, indent=1))
    return {role: known[role] for role in roles}


def _once(path: Path, content: str) -> None:
    if not path.exists():
        write_private(path, content)


def _new_seed() -> str:
    return seed_from(secrets.token_bytes(SECRET_BYTES))


def _make_signing_key(folder: Path, signer: str) -> None:
    """The public half is written last: where it is, both are."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    write_private(folder / f"{signer}.ed25519", private.decode())
    write_private(folder / f"{signer}.ed25519.pub", public.decode())

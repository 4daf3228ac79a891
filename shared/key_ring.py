"""The key-encryption keys of a service: what its keys are wrapped with, in a file."""

import hashlib

NAME_BYTES = 8


def name_of(secret: bytes) -> str:
    """A key-encryption key's public name: it tells two apart and gives nothing away."""
    return hashlib.sha256(b"parley key-encryption key" + secret).hexdigest()[: NAME_BYTES * 2]

"""Servers that are not ours to start: the environment names them, and they are used in place of our own.

`DATABASE_URL` and, where keys are on a server of their own, `KEYSTORE_URL`: administrators' addresses.
`NATS_URL`, and `NATS_CA_FILE` where it speaks TLS.
"""

import os
from pathlib import Path

from deploy.local.databases import Databases, all_logins
from deploy.local.layout import Layout
from deploy.local.secrets import passwords
from deploy.local.state import State


def database_url() -> str | None:
    return os.environ.get("DATABASE_URL") or None


def nats_url() -> str | None:
    return os.environ.get("NATS_URL") or None


def nats_ca_file() -> Path | None:
    """Whose word is taken for the server's certificate; None: it speaks in clear."""
    named = os.environ.get("NATS_CA_FILE")
    return Path(named) if named and nats_url() else None


def databases_of(layout: Layout, state: State, admin_url: str) -> Databases:
    """`admin_url`: of the server that is used, ours or another's."""
    logins = passwords(layout.secrets, all_logins(state.prefix))
    return Databases(admin_url, state.prefix, logins, os.environ.get("KEYSTORE_URL", ""))

"""Writes the NATS server's configuration: loopback, JetStream in one folder, one nkey per user."""

import json
from collections.abc import Mapping
from pathlib import Path

from deploy.nats.permissions import Permissions

# An event of 500 participants with sealed text stays well below.
MAX_PAYLOAD_BYTES = 8 * 1024 * 1024


def configuration(
    host: str, port: int, store: Path, users: Mapping[str, Permissions | None]
) -> str:
    """`users`: public nkey -> what it may do; None: everything (tests only). Our dialect is JSON."""
    return json.dumps(
        {
            "listen": f"{host}:{port}",
            "server_name": "parley",
            "max_payload": MAX_PAYLOAD_BYTES,
            "jetstream": {"store_dir": str(store)},
            "authorization": {"users": [_user(key, may) for key, may in users.items()]},
        },
        indent=1,
    )


def _user(key: str, may: Permissions | None) -> dict[str, object]:
    if may is None:
        return {"nkey": key}
    return {
        "nkey": key,
        "permissions": {
            "publish": {"allow": list(may.publish)},
            "subscribe": {"allow": list(may.subscribe)},
        },
    }

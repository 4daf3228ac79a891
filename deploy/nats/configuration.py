"""Writes the NATS server's configuration: loopback, JetStream in one folder, one nkey per user."""

import json
from collections.abc import Mapping
from pathlib import Path

from deploy.nats.permissions import Permissions

# An event of 500 participants with sealed text stays well below.
MAX_PAYLOAD_BYTES = 8 * 1024 * 1024


def configuration(
    host: str,
    port: int,
    store: Path,
    users: Mapping[str, Permissions],
    *,
    sync_always: bool = False,
) -> str:
    """`users`: public nkey -> what it may do; none at all (tests only): everyone may everything."""
    settings: dict[str, object] = {
        "listen": f"{host}:{port}",
        "server_name": "parley",
        "max_payload": MAX_PAYLOAD_BYTES,
        "jetstream": {"store_dir": str(store)},
    }
    if sync_always:
        settings["jetstream"] = {"store_dir": str(store), "sync_interval": "always"}
    if users:
        settings["authorization"] = {"users": [_user(key, may) for key, may in users.items()]}
    return json.dumps(settings, indent=1)


def _user(key: str, may: Permissions) -> dict[str, object]:
    return {
        "nkey": key,
        "permissions": {
            "publish": {"allow": list(may.publish)},
            "subscribe": {"allow": list(may.subscribe)},
        },
    }

"""`python -m deploy.docker.bus FILE`: writes the NATS server's configuration, which holds no secret."""

import json
import os
import sys
from pathlib import Path

from deploy.docker.addresses import MOUNTED
from deploy.local.layout import write_private
from deploy.nats.configuration import configuration
from deploy.nats.permissions import permissions_of

PORT = 4222
# Only in the container itself and for whoever watches it: health and figures, no content.
MONITORING_PORT = 8222
STORE = Path("/var/lib/parley/store")


def server_configuration(users: dict[str, str], mission: str, site: str) -> str:
    """`users`: service -> public nkey. TLS from the first byte."""
    may = {key: permissions_of(service, mission, site) for service, key in users.items()}
    settings = json.loads(configuration("0.0.0.0", PORT, STORE, may))  # noqa: S104 - a container
    settings["http"] = f"0.0.0.0:{MONITORING_PORT}"
    settings["tls"] = {
        "cert_file": f"{MOUNTED}/server.crt",
        "key_file": f"{MOUNTED}/server.key",
        "handshake_first": True,
        "min_version": "1.3",
    }
    return json.dumps(settings, indent=1)


def main(path: Path) -> None:
    users = json.loads(Path(MOUNTED, "users.json").read_text("utf-8"))
    mission, site = os.environ["PARLEY_MISSION"], os.environ["PARLEY_SITE"]
    write_private(path, server_configuration(users, mission, site))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

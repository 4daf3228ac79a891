"""`python -m deploy.docker.operator COMMAND …`: the operator's commands, on the servers of compose.

What they read of secrets is copied into memory, and goes with the container; ledgers and backups are volumes.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from cli.main import main as command
from deploy.docker.addresses import AUTHORITY, MOUNTED, PREFIX, SERVERS, databases
from deploy.local.errors import LocalError
from deploy.local.layout import Layout, write_private
from deploy.local.state import State, load_state

VAR = Path("/var/lib/parley")
BUS = "tls://nats:4222"
COMMANDS = (
    "backup",
    "restore",
    "verify",
    "export-log",
    "rebuild",
    "projections",
    "partitions",
    "keys",
)
# Of keys: what changes no file of secrets, for the copy here is gone when the container is.
OF_KEYS = (["list"], ["rotate", "--finish"])


def main(arguments: Sequence[str]) -> int:
    """The exit code of the command. Raises LocalError."""
    if not arguments or arguments[0] not in COMMANDS:
        raise LocalError(f"docker compose run --rm operator {'|'.join(COMMANDS)} …")
    name, *rest = arguments
    if name == "keys" and not any(rest[: len(one)] == one for one in OF_KEYS):
        raise LocalError(
            "Here keys are listed, or wrapped anew by `keys rotate --finish`. New ones are made, and old "
            "ones destroyed, where all secrets are: ./parley secrets rotate DIR, ./parley secrets expire DIR"
        )
    prepare(Layout(VAR), Path(MOUNTED), os.environ)
    os.environ.update(servers(Path(MOUNTED)))
    return command([name, "--var", str(VAR), *rest])


def prepare(layout: Layout, mounted: Path, told: Mapping[str, str]) -> None:
    """What the commands expect of a folder `var`: secrets, and what the installation is."""
    layout.make()
    exercise = told["PARLEY_EXERCISE"] == "true"
    state = State(told["PARLEY_MISSION"], told["PARLEY_SITE"], exercise, PREFIX, {})
    write_private(layout.state, orjson.dumps(asdict(state)).decode())
    load_state(layout, exercise=False, gateway_port=0)
    for path in mounted.iterdir():
        if path.is_file():
            write_private(layout.secrets / path.name, path.read_text("utf-8"))


def servers(mounted: Path) -> dict[str, str]:
    """Where everything is, as deploy/local/outside.py reads it."""
    passwords: dict[str, str] = orjson.loads((mounted / "database.json").read_bytes())
    found = {server: databases(server, passwords).admin_url for server in SERVERS}
    return {
        "DATABASE_URL": found["postgres"],
        "KEYSTORE_URL": found["keystore"],
        "NATS_URL": BUS,
        "NATS_CA_FILE": AUTHORITY,
    }


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LocalError as wrong:
        sys.exit(str(wrong))

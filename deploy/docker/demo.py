"""`python -m deploy.docker.demo VAR`: loads the demo into an exercise through the gateway, then ends.

VAR is where it remembers how far it came; afterwards `VAR/demo.json` lists the personas' logins.
"""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from cli.demo import load
from deploy.docker.addresses import AUTHORITY, MOUNTED, PORT, PREFIX
from deploy.local.errors import LocalError
from deploy.local.layout import Layout, write_private
from deploy.local.state import State

SERVER, KEYSTORE = (
    f"postgresql://{host}:{PORT}/postgres?sslmode=verify-full&sslrootcert={AUTHORITY}"
    for host in ("postgres", "keystore")
)


def main(var: Path) -> None:
    layout = Layout(var)
    layout.make()
    if os.environ["PARLEY_EXERCISE"] != "true":
        raise LocalError("The demo is loaded into an exercise only: PARLEY_EXERCISE=true.")
    mission, site = os.environ["PARLEY_MISSION"], os.environ["PARLEY_SITE"]
    write_private(layout.state, json.dumps(asdict(State(mission, site, True, PREFIX, {}))))
    for name in ("database.json", "kek-gateway.key"):
        write_private(layout.secrets / name, Path(MOUNTED, name).read_text("utf-8"))
    os.environ["DATABASE_URL"] = SERVER
    os.environ["KEYSTORE_URL"] = KEYSTORE
    asyncio.run(load(var, os.environ["PARLEY_GATEWAY_URL"]))


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except LocalError as wrong:
        sys.exit(str(wrong))

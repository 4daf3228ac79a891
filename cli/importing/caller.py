"""Who imports, and through which gateway: from the command line and from var/demo.json."""

import getpass
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.client import Credentials
from deploy.local.errors import LocalError

DEMO = "demo.json"
INSTALLATION = "installation.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """As given on the command line."""

    var: Path
    gateway: str | None
    persona: str | None
    client_id: str | None
    secret_file: Path | None


def gateway_url(asked: Asked) -> str:
    """Raises LocalError when it is neither given nor to be found."""
    if asked.gateway:
        return asked.gateway.rstrip("/")
    if found := _read(asked.var / DEMO):
        return str(found["gateway"])
    if found := _read(asked.var / INSTALLATION):
        return f"http://localhost:{found['ports']['gateway']}"
    raise LocalError("Which gateway? Say --gateway URL, or start one here with ./parley up --demo")


def credentials(asked: Asked) -> Credentials:
    """Asks for the secret when it is in no file. Raises LocalError."""
    if asked.persona:
        return _of_persona(asked.var / DEMO, asked.persona)
    if not asked.client_id:
        raise LocalError(
            "Who imports? Say --as PERSONA (of the demo) or --client-id ID --secret-file FILE"
        )
    if asked.secret_file is None:
        return Credentials(asked.client_id, getpass.getpass(f"Secret of {asked.client_id}: "))
    try:
        return Credentials(asked.client_id, asked.secret_file.read_text("utf-8").strip())
    except OSError as wrong:
        raise LocalError(f"Cannot read {asked.secret_file}: {wrong.strerror}.") from wrong


def _of_persona(file: Path, persona: str) -> Credentials:
    personas = {line["id"]: line for line in (_read(file) or {}).get("personas", ())}
    if not personas:
        raise LocalError(f"There is no {file}: personas are made by ./parley up --demo")
    if persona not in personas:
        raise LocalError(f"No persona {persona!r}. There are: {', '.join(personas)}.")
    return Credentials(personas[persona]["client_id"], personas[persona]["client_secret"])


def _read(file: Path) -> dict[str, Any] | None:  # Any: JSON
    try:
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))  # Any: JSON
    except (OSError, ValueError):
        return None
    return found

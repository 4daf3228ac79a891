"""The typed client of Python, generated in an environment of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PACKAGES = ("openapi-python-client==0.29.1", "ruff")
STEP_SECONDS = 300
# Files of rows go in and come out as they are.
AS_FILES = dict.fromkeys(("application/x-ndjson", "text/csv"), "application/octet-stream")
SMOKE = """import os, uuid
from parley_client import AuthenticatedClient
from parley_client.api.organisations import organisations_create, organisations_list
from parley_client.models import RegisterOrganisation

client = AuthenticatedClient(base_url=os.environ["GATEWAY"], token=os.environ["TOKEN"])
asked = RegisterOrganisation.from_dict({"name": "Typed in Python", "organisation_kind": "ngo"})
made = organisations_create.sync_detailed(client=client, body=asked, idempotency_key=str(uuid.uuid4()))
assert made.status_code == 201, made.content
page = organisations_list.sync(client=client, q="Typed")
assert page.items, page
"""


def try_python(folder: Path, gateway: str, token: str, documents: dict[str, Any]) -> None:
    """Any: JSON. Raises CalledProcessError with what a step said."""
    bin_ = folder / "venv/bin"
    _run(folder, sys.executable, "-m", "venv", "venv")
    _run(folder, str(bin_ / "pip"), "install", "--quiet", *PACKAGES)
    (folder / "openapi.json").write_text(json.dumps(documents["openapi"]))
    (folder / "config.json").write_text(json.dumps({"content_type_overrides": AS_FILES}))
    generate = [str(bin_ / "openapi-python-client"), "generate", "--path", "openapi.json"]
    _run(
        folder,
        *generate,
        "--output-path",
        "made",
        "--config",
        "config.json",
        "--fail-on-warning",
        PATH=f"{bin_}:/usr/bin:/bin",
    )
    (folder / "smoke.py").write_text(SMOKE)
    told = {"GATEWAY": gateway, "TOKEN": token, "PYTHONPATH": str(folder / "made")}
    _run(folder, str(bin_ / "python"), "smoke.py", **told)


def _run(folder: Path, *command: str, **told: str) -> None:
    subprocess.run(  # noqa: S603 - our own commands
        command,
        cwd=folder,
        env={**os.environ, "no_proxy": "localhost", **told},
        check=True,
        capture_output=True,
        text=True,
        timeout=STEP_SECONDS,
    )

"""The personas of an exercise: made by the gateway's operator command, listed in `demo.json`."""

import asyncio
import json
import os
import sys
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.layout import ROOT, write_private
from deploy.local.services import Surroundings, environment

PERSONAS = ROOT / "deploy/demo/personas.toml"
PROVISION_SECONDS = 60.0
SHOWN_CHARACTERS = 500


def demo_file(var: Path) -> Path:
    """`{"gateway": URL, "personas": [...]}` with passwords and secrets; for its owner's eyes only."""
    return var / "demo.json"


async def make_personas(around: Surroundings) -> None:
    """Makes or updates them; passwords and secrets made earlier stay."""
    out = demo_file(around.layout.var)
    command = [sys.executable, "-P", "-m", "services.gateway.access.provision"]
    command += ["--personas", str(PERSONAS), "--out", str(out)]
    organisations = around.layout.var / "organisations.json"  # written once the demo is loaded
    if organisations.exists():
        command += ["--organisations", str(organisations)]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", "")} | environment(around, "gateway"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(PROVISION_SECONDS):
        said, _ = await process.communicate()
    if process.returncode != 0:
        raise LocalError(f"The personas could not be made: {said.decode()[-SHOWN_CHARACTERS:]}")
    listed = json.loads(out.read_text("utf-8"))
    whole = {"gateway": around.url("gateway"), "personas": listed["personas"]}
    write_private(out, json.dumps(whole, indent=1, ensure_ascii=False))

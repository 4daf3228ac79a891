"""Schemathesis as its command line runs it, against a running installation, as one persona."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from deploy.local.layout import ROOT
from tests.stack.installation import Installation

# Who administers access comes last: chance may suspend whom it likes.
PERSONAS = ("ngo-forum", "liaison-officer", "security-officer")
EVERY_PHASE = ("examples", "coverage", "fuzzing", "stateful")
HOOKS = "tests.described.beyond"
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
# The feed has no end.
ENDLESS = "/v1/events"
ANSWER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Run:
    """`examples`: of each operation, at least while there is time; `only`: names of operations, when not all.

    `seconds`: then it ends and says what it found; each operation has its share. None: when all are asked.
    """

    seed: int
    examples: int
    phases: Sequence[str] = EVERY_PHASE
    only: Sequence[str] = ()
    seconds: int | None = None


def run(running: Installation, persona: str, asked: Run) -> subprocess.CompletedProcess[str]:
    """Its exit status is 0 when every check held. Raises HTTPError when the persona is no longer let in."""
    command = [sys.executable, "-m", "schemathesis.cli", "--no-color"]
    command += ["--config-file", str(CONFIGURATION), "run", f"{running.gateway_url}/openapi.json"]
    command += ["--header", f"Authorization: Bearer {_token(running, persona)}"]
    # Made by our own hooks instead.
    command += ["--exclude-checks", "positive_data_acceptance", "--exclude-path", ENDLESS]
    command += ["--continue-on-failure", "--request-timeout", str(ANSWER_SECONDS)]
    command += ["--warnings", "off", "--generation-database", "none"]
    command += ["--seed", str(asked.seed), "--max-examples", str(asked.examples)]
    command += ["--phases", ",".join(asked.phases)]
    command += [part for name in asked.only for part in ("--include-operation-id", name)]
    command += ["--max-time", str(asked.seconds)] if asked.seconds else []
    around = {**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": HOOKS}
    done = subprocess.run(  # noqa: S603 - ours
        command, cwd=running.layout.var, env=around, text=True, capture_output=True, check=False
    )
    _token(running, persona)  # or what came last was asked by nobody
    return done


def operations(running: Installation) -> list[str]:
    """Names of all operations with an end."""
    asked = Request(f"{running.gateway_url}/openapi.json")  # noqa: S310 - our own gateway
    paths = _read(asked)["paths"]
    return [
        operation["operationId"]
        for path, methods in sorted(paths.items())
        for operation in methods.values()
        if path != ENDLESS
    ]


def _token(running: Installation, persona: str) -> str:
    line = next(each for each in running.demo["personas"] if each["id"] == persona)
    form = {"grant_type": "client_credentials"}
    form |= {name: line[name] for name in ("client_id", "client_secret")}
    asked = Request(f"{running.gateway_url}/oauth/token", urlencode(form).encode())  # noqa: S310
    return str(_read(asked)["access_token"])


def _read(asked: Request) -> Any:  # Any: JSON
    with urlopen(asked, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - our own gateway
        return json.loads(answer.read())

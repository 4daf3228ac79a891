"""What `./parley test` runs instead of the suite: histories, a soak, two worlds, generated clients,
all operations as they are described, or a report of timing."""

import os
import subprocess
import sys
from collections.abc import Sequence

from deploy.local.layout import ROOT

# The first option that is there decides. Each module takes --help, and --seed to repeat a run.
MODULES = {
    "--soak": "tests.soak",
    "--worlds": "tests.worlds",
    "--clients": "tests.clients",
    "--described": "tests.described",
    "--timing": "tests.security.timing",
    "--seeds": "tests.simulation",
    "--seed": "tests.simulation",
}


def module_asked(arguments: Sequence[str]) -> str | None:
    """The module to run instead of the suite, if one is asked for."""
    given = {one.partition("=")[0] for one in arguments}
    return next((module for option, module in MODULES.items() if option in given), None)


def run_alone(module: str, arguments: Sequence[str]) -> int:
    """0 when every promise was kept, else 1."""
    command = [sys.executable, "-P", "-m", module, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - ours

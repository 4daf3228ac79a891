"""The suite in two lanes at once, for two cores: what needs a browser, and everything else."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy.local.layout import ROOT

LANES = {
    "everything but the browser": ("--ignore=tests/browser",),
    "the browser": ("tests/browser",),
}


@dataclass(frozen=True, slots=True)
class Ran:
    """How a lane went. `said`: its output, when it was not shown as it came."""

    name: str
    passed: bool
    skipped: dict[str, str]
    seconds: dict[str, float]
    said: str = ""


def run_lanes(for_pytest: Sequence[str]) -> list[Ran]:
    """Both lanes with these options; one alone when they name tests themselves.

    The first lane is shown as it runs, the other when it is over.
    """
    if any(not one.startswith("-") for one in for_pytest):
        return [_run("the tests asked for", for_pytest, show=True)]
    with ThreadPoolExecutor(len(LANES)) as pool:
        running = [
            pool.submit(_run, name, (*chosen, *for_pytest), show=number == 0)
            for number, (name, chosen) in enumerate(LANES.items())
        ]
        return [lane.result() for lane in running]


def _run(name: str, arguments: Sequence[str], *, show: bool) -> Ran:
    with tempfile.TemporaryDirectory(prefix="parley-test-") as folder:
        notes, said = Path(folder) / "notes.json", Path(folder) / "said.txt"
        command = [sys.executable, "-m", "pytest", "-p", "cli.testing.noting", f"--notes={notes}"]
        with said.open("w", encoding="utf-8") as kept:
            done = subprocess.run(  # noqa: S603 - our own command
                [*command, *arguments],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=None if show else kept,
                stderr=None if show else subprocess.STDOUT,
                check=False,
            )
        told = json.loads(notes.read_text("utf-8")) if notes.exists() else {}
        return Ran(
            name=name,
            passed=done.returncode == 0,
            skipped=told.get("skipped", {}),
            seconds=told.get("seconds", {}),
            said=said.read_text("utf-8"),
        )

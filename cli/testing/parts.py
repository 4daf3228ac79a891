"""The suite in three lanes at once, for two cores: one of them mostly waits, for servers to come back."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cli.testing.scratch import scratch
from deploy.local.layout import ROOT

# What is not named here runs in the first lane, so that no folder is ever left out.
ELSEWHERE = {
    "faults and chance": ("tests/fault", "tests/simulation", "tests/worlds"),
    "browser and API": ("tests/browser", "tests/described"),
}
LANES = {
    "everything else": tuple(
        f"--ignore={folder}" for lane in ELSEWHERE.values() for folder in lane
    ),
    **ELSEWHERE,
}
# Read by tests/thorough.py.
THOROUGH = {"PARLEY_THOROUGH": "1"}


@dataclass(frozen=True, slots=True)
class Ran:
    """How a lane went. `failed`: its tests that did, or never ended. `seconds`: of each folder.

    `said`: its output, when it was not shown as it came.
    `processor_seconds`: what it and the processes it started used, on all processors.
    """

    name: str
    passed: bool
    failed: list[str]
    skipped: dict[str, str]
    seconds: dict[str, float]
    lane_seconds: float = 0.0
    processor_seconds: float = 0.0
    said: str = ""


def run_lanes(for_pytest: Sequence[str], *, thorough: bool = False) -> list[Ran]:
    """All lanes with these options; one alone when they name tests themselves.

    The first lane is shown as it runs, the others when they are over. `thorough`: chance is tried
    as often as was promised, which takes longer.
    """
    with scratch() as where:
        more = {**where, **(THOROUGH if thorough else {})}
        if any(not one.startswith("-") for one in for_pytest):
            return [_run("the tests asked for", for_pytest, more, show=True)]
        return _run_all(for_pytest, more)


def _run_all(for_pytest: Sequence[str], more: Mapping[str, str]) -> list[Ran]:
    with ThreadPoolExecutor(len(LANES)) as pool:
        running = [
            pool.submit(_run, name, (*chosen, *for_pytest), more, show=number == 0)
            for number, (name, chosen) in enumerate(LANES.items())
        ]
        return [lane.result() for lane in running]


def _run(name: str, arguments: Sequence[str], more: Mapping[str, str], *, show: bool) -> Ran:
    with tempfile.TemporaryDirectory(prefix="parley-test-") as folder:
        notes, said = Path(folder) / "notes.json", Path(folder) / "said.txt"
        command = [sys.executable, "-m", "pytest", "-p", "cli.testing.noting", f"--notes={notes}"]
        with said.open("w", encoding="utf-8") as kept:
            done = subprocess.run(  # noqa: S603 - our own command
                [*command, *arguments],
                cwd=ROOT,
                env=os.environ | more,
                stdin=subprocess.DEVNULL,
                stdout=None if show else kept,
                stderr=None if show else subprocess.STDOUT,
                check=False,
            )
        told = json.loads(notes.read_text("utf-8")) if notes.exists() else {}
        return Ran(
            name=name,
            passed=done.returncode == 0,
            failed=told.get("failed", []),
            skipped=told.get("skipped", {}),
            seconds=told.get("seconds", {}),
            lane_seconds=told.get("lane_seconds", 0.0),
            processor_seconds=told.get("processor_seconds", 0.0),
            said=said.read_text("utf-8"),
        )

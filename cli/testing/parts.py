"""The suite in parts, each a run of its own with its own servers, so many at once that two cores stay busy.

Three at once: one of them mostly waits, for servers to come back or for a browser.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cli.testing.scratch import scratch
from deploy.local.layout import ROOT

AT_ONCE = 3
REST = "everything else"
# A file belongs to the first part that names it, and to the rest if none does, so that none is left out.
# The longest come first: what is short fills the gaps at the end.
PARTS = {
    "faults, installed": ("tests/fault/installed/*",),
    "faults": ("tests/fault/*",),
    "every page": ("tests/browser/test_every_page.py", "tests/described/*"),
    "pages": ("tests/browser/*",),
    "security": ("tests/security/test_[a-i]*",),
    "security, and worlds": ("tests/security/*", "tests/worlds/*"),
    REST: (),
    "gateway": ("tests/service/test_gateway_*",),
    "services": ("tests/service/*",),
}
# Read by tests/thorough.py.
THOROUGH = {"PARLEY_THOROUGH": "1"}
# Compiled once, and not by each of some hundred programs, whatever the user's shell says.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
FOUND_NOTHING = 5  # where options choose tests of another part


@dataclass(frozen=True, slots=True)
class Ran:
    """How a part went. `failed`: its tests that did, or never ended. `seconds`: of each folder.

    `said`: its output, when it was not shown as it came.
    `processor_seconds`: what it and the processes it started used, on all processors.
    """

    name: str
    passed: bool
    failed: list[str]
    skipped: dict[str, str]
    tests: int
    seconds: dict[str, float]
    part_seconds: float
    processor_seconds: float
    said: str


def run_parts(
    for_pytest: Sequence[str],
    begins: Callable[[str, int], None],
    ended: Callable[[Ran], None],
    *,
    thorough: bool = False,
) -> list[Ran]:
    """All parts with these options; one alone, shown as it runs, when they name tests themselves.

    `begins` is told of each and its number of files, `ended` how it went. `thorough`: chance is tried as
    often as was promised.
    """
    with scratch() as where:
        more = {**where, **COMPILED, **(THOROUGH if thorough else {})}
        if any(not one.startswith("-") for one in for_pytest):
            return [_run("the tests asked for", for_pytest, more, show=True)]

        def run(part: tuple[str, list[str]]) -> Ran:
            name, files = part
            begins(name, len(files))
            ran = _run(name, (*files, *for_pytest), more, show=False)
            ended(ran)
            return ran

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(run, shared_out(_files()).items()))


def shared_out(files: Iterable[str]) -> dict[str, list[str]]:
    """Which part runs which file."""
    parts: dict[str, list[str]] = {name: [] for name in PARTS}
    for file in files:
        parts[_part_of(file)].append(file)
    return parts


def _part_of(file: str) -> str:
    return next((name for name, own in PARTS.items() if any(map(Path(file).match, own))), REST)


def _files() -> list[str]:
    return sorted(str(file.relative_to(ROOT)) for file in (ROOT / "tests").rglob("test_*.py"))


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
            passed=done.returncode in {0, FOUND_NOTHING},
            failed=told.get("failed", []),
            skipped=told.get("skipped", {}),
            tests=told.get("tests", 0),
            seconds=told.get("seconds", {}),
            part_seconds=told.get("part_seconds", 0.0),
            processor_seconds=told.get("processor_seconds", 0.0),
            said=said.read_text("utf-8"),
        )

"""`./parley test`: everything that must hold before a change lands."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.local.layout import ROOT

CODE = ("shared", "services", "cli", "deploy", "tests")
# A skip that no continuous-integration machine should have, unless its reason is one of these.
ALLOWED_SKIPS: tuple[str, ...] = ()


class Report:
    """Listens to the test run: what was skipped, and how long each folder took."""

    def __init__(self) -> None:
        self.skipped: dict[str, str] = {}
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        folder = "/".join(Path(report.nodeid.partition("::")[0]).parts[:2])
        self.seconds[folder] = self.seconds.get(folder, 0.0) + report.duration
        if report.skipped and isinstance(report.longrepr, tuple):
            self.skipped[report.nodeid] = report.longrepr[2]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="./parley test", description=__doc__, epilog="Everything else goes to pytest."
    )
    parser.add_argument("--only-tests", action="store_true", help="leave out format, lint, types")
    options, for_pytest = parser.parse_known_args(arguments)
    failed = [] if options.only_tests else _checks()
    report = Report()
    began = time.monotonic()
    status = pytest.main(for_pytest or ["-q"], plugins=[report])
    _tell(report, time.monotonic() - began)
    if status != pytest.ExitCode.OK:
        failed.append("tests")
    if os.environ.get("CI") and _unexpected(report):
        failed.append("skips that a CI machine should not have")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _checks() -> list[str]:
    """Format, lint, types and walls; the names of those that failed."""
    python = [sys.executable, "-m"]
    folders = [name for name in CODE if (ROOT / name).exists()]
    steps = {
        "format": [*python, "ruff", "format", "--check", "--quiet", *folders],
        "lint": [*python, "ruff", "check", "--quiet", *folders],
        "types": [*python, "mypy", *folders],
        "walls": [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
    }
    return [name for name, command in steps.items() if not _passes(name, command)]


def _passes(name: str, command: list[str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603  # our own commands
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    took = time.monotonic() - began
    print(f"{name:8} {'ok' if done.returncode == 0 else 'FAILED'}   {took:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def _tell(report: Report, seconds: float) -> None:
    for folder, took in sorted(report.seconds.items()):
        print(f"{folder:20} {took:6.1f} s")
    print(f"{'all tests':20} {seconds:6.1f} s")
    print("skipped: " + ("nothing" if not report.skipped else ""))
    for test, reason in report.skipped.items():
        print(f"  {test}: {reason}")


def _unexpected(report: Report) -> bool:
    return any(
        not reason.removeprefix("Skipped: ").startswith(ALLOWED_SKIPS or ("\0",))
        for reason in report.skipped.values()
    )

"""A plugin of the test runner: notes what failed, what was skipped and why, and what it all took."""

import json
import os
import time
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--notes", type=Path, help="where to write what the run was like, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    notes = config.getoption("--notes")
    if isinstance(notes, Path):
        config.pluginmanager.register(Noting(notes))


class Noting:
    """Writes its notes when the run is over; until then, which test is on, for the run that never ends."""

    def __init__(self, notes: Path) -> None:
        self._notes = notes
        self._failed: list[str] = []
        self._skipped: dict[str, str] = {}
        self._seconds: dict[str, float] = {}
        self._tests = 0
        self._began = time.monotonic()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._tests += 1
        self._write({"failed": [*self._failed, f"{nodeid} (never ended)"]})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        folder = "/".join(Path(report.nodeid.partition("::")[0]).parts[:2])
        self._seconds[folder] = self._seconds.get(folder, 0.0) + report.duration
        if report.failed:
            self._failed.append(report.nodeid)
        if report.skipped and isinstance(report.longrepr, tuple):
            self._skipped[report.nodeid] = str(report.longrepr[2]).removeprefix("Skipped: ")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Last, when the servers are stopped and what they used is known."""
        told = {
            "failed": self._failed,
            "skipped": self._skipped,
            "tests": self._tests,
            "seconds": self._seconds,
            "part_seconds": time.monotonic() - self._began,
            "processor_seconds": sum(os.times()[:4]),
        }
        self._write(told)

    def _write(self, told: dict[str, object]) -> None:
        self._notes.write_text(json.dumps(told), encoding="utf-8")

"""A run of the suite that is cut off still tells which test it was cut off in."""

import json
import subprocess
import sys
from pathlib import Path

from deploy.local.layout import ROOT

_TESTS = """
import os

def test_that_fails():
    assert False

def test_that_never_ends():
    os._exit(1)
"""


def test_a_test_that_never_ends_is_named_beside_those_that_failed(tmp_path: Path) -> None:
    notes, tests = tmp_path / "notes.json", tmp_path / "test_two.py"
    tests.write_text(_TESTS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "cli.testing.noting", f"--notes={notes}"]
    subprocess.run(  # noqa: S603 - our own command
        [*command, f"--rootdir={tmp_path}", str(tests)], cwd=ROOT, capture_output=True, check=False
    )
    assert json.loads(notes.read_text("utf-8"))["failed"] == [
        "test_two.py::test_that_fails",
        "test_two.py::test_that_never_ends (never ended)",
    ]

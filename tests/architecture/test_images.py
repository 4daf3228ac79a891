"""A service's image holds `shared/` and that service and nothing else: that must be enough."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, SERVICES

IMPORT_SECONDS = 60
LAST_WORDS_CHARACTERS = 500
IMPORT_ALL = """
import importlib, pathlib
for path in sorted(pathlib.Path().rglob("*.py")):
    if "versions" not in path.parts:
        name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        importlib.import_module(name)
"""


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_nothing_that_its_image_lacks(service: str, tmp_path: Path) -> None:
    # With what was compiled of it already: nothing is imported from there whose source is left out.
    leave_out = shutil.ignore_patterns("static")
    shutil.copytree(ROOT / "shared", tmp_path / "shared", ignore=leave_out)
    shutil.copytree(ROOT / "services" / service, tmp_path / "services" / service, ignore=leave_out)
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-P", "-c", IMPORT_ALL],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=IMPORT_SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr[-LAST_WORDS_CHARACTERS:]) == (0, "")

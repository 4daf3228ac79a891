"""What an operator does about read models: look where they stand, and make them anew without the bus."""

import os
import subprocess
import sys

from deploy.local.layout import ROOT
from tests.stack.installation import Installation


def _said(installation: Installation, name: str, *arguments: str) -> str:
    """Exit code and words."""
    var = str(installation.layout.var)
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-P", "-m", "cli", name, "--var", var, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return f"{done.returncode}: {done.stdout}{done.stderr}"


def test_an_operator_sees_projections_and_rebuilds_them_from_the_services_themselves(
    installation: Installation,
) -> None:
    assert "They say the same." in _said(installation, "rebuild", "--cold")
    lines = _said(installation, "projections", "list").splitlines()
    assert lines[0].startswith("0: records/contacts at ")
    assert [line.partition(": ")[2] for line in lines[1:]] == ["running"] * 3

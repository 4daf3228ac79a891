"""The README's tour with curl works as it is printed there."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.local.layout import ROOT
from tests.stack.installation import Installation

TOUR_SECONDS = 60


@pytest.fixture
def tour(installation: Installation, tmp_path: Path) -> list[str]:
    """What the tour prints, run in a folder whose `var` is the running installation's."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    script = next(block for block in blocks if "curl" in block)
    (tmp_path / "var").symlink_to(installation.layout.var)
    done = subprocess.run(  # noqa: S603 - the README's own commands
        ["/bin/bash", "-euo", "pipefail", "-c", script.replace("--max-time 60", "--max-time 8")],
        cwd=tmp_path,
        env={**os.environ, "no_proxy": "localhost"},
        capture_output=True,
        text=True,
        timeout=TOUR_SECONDS,
        check=True,
    )
    return done.stdout.splitlines()


def test_the_readmes_tour_creates_finds_and_hears_of_an_engagement(tour: list[str]) -> None:
    answers = [json.loads(line) for line in tour if line.startswith("{")]
    accepted = next(answer for answer in answers if "position" in answer)
    assert accepted["id"].startswith("engagement_")
    found = next(answer for answer in answers if "items" in answer)
    assert accepted["id"] in {item["id"] for item in found["items"]}
    heard = "\n".join(line for line in tour if line.startswith("data:"))
    assert accepted["id"] in heard

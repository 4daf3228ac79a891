"""The partners' ten minutes work as they are printed, from a token to a webhook that is told."""

import json
import os
import re
import subprocess
from pathlib import Path

from deploy.local.layout import ROOT
from tests.stack.installation import Installation

TOUR_SECONDS = 60


def test_the_partners_tour_ends_with_a_signed_message(
    installation: Installation, tmp_path: Path
) -> None:
    document = (ROOT / "docs/partners.md").read_text("utf-8")
    [script] = re.findall(r"```sh\n(.*?)```", document, re.DOTALL)
    (tmp_path / "var").symlink_to(installation.layout.var)
    done = subprocess.run(  # noqa: S603 - the document's own commands
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "no_proxy": "localhost,127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=TOUR_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    happened = next(line for line in lines if line.startswith("engagement_"))
    logged = json.loads(next(line for line in lines if line.startswith('{"items"')))
    assert "active" in lines
    assert f"told: parley.engagement.changed {happened}" in lines
    assert {one["state"] for one in logged["items"]} == {"delivered"}

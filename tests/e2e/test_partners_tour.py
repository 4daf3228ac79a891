"""What partners are told to type works as printed: to a webhook that is told, and in without a secret."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from deploy.local.layout import ROOT
from tests.stack.installation import Installation

TOUR_SECONDS = 60
THUMBPRINT_LETTERS = 43
DOCUMENT = ROOT / "docs/partners.md"


def printed(number: int, folder: Path, installation: Installation) -> list[str]:
    """What the document's commands print, those of the block `number`, run in `folder`."""
    script = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)[number]
    (folder / "var").symlink_to(installation.layout.var)
    (folder / ".venv").symlink_to(sys.prefix)
    done = subprocess.run(  # noqa: S603 - the document's own commands
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "no_proxy": "localhost,127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=TOUR_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_the_partners_tour_ends_with_a_signed_message(
    installation: Installation, tmp_path: Path
) -> None:
    lines = printed(0, tmp_path, installation)
    happened = next(line for line in lines if line.startswith("engagement_"))
    logged = json.loads(next(line for line in lines if line.startswith('{"items"')))
    assert "active" in lines
    assert f"told: parley.engagement.changed {happened}" in lines
    assert {one["state"] for one in logged["items"]} == {"delivered"}


def test_a_partner_without_a_secret_ends_with_a_record(
    installation: Installation, tmp_path: Path
) -> None:
    key_id, listed = printed(1, tmp_path, installation)
    assert len(key_id) == THUMBPRINT_LETTERS
    assert len(json.loads(listed)["items"]) == 1


def test_a_partners_rows_go_in_as_a_file_and_come_out_as_one(
    installation: Installation, tmp_path: Path
) -> None:
    counted, marking, names, tags, *records = printed(2, tmp_path, installation)
    assert "'accepted': 1, 'rejected': 0" in counted
    assert " // " in marking
    assert "#org+name" in tags
    assert any("Invented Relief" in record for record in records), names

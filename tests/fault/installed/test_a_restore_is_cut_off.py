"""Fault: `./parley restore` is killed half-way, wherever it is.

Promise: Parley does not start on what is half there, and the same command again puts everything back. Slow:
starts everything twice.
"""

import asyncio
import os
import sys
from pathlib import Path

from deploy.local.layout import ROOT, Layout
from tests.e2e.partner import Partner, Persona
from tests.fault.installed.test_a_backup_is_restored import cli
from tests.stack.installation import Installation, started_in
from tests.stack.servers import temporary_layout
from tests.thorough import in_ci_only

RECORDS = 20
SECONDS = 60
READING, PLACING = b"Reading engagements", b"Putting everything in its place"


@in_ci_only
async def test_a_restore_that_was_killed_is_done_again(tmp_path: Path) -> None:
    backup = str(tmp_path / "backup")
    with temporary_layout() as layout:
        with started_in(layout) as running:
            written = await _written(running, "kept")
            done = await asyncio.to_thread(cli, "backup", layout, "--to", backup)
            assert done.returncode == 0, done.stdout + done.stderr
        await _killed_at(READING, layout, backup)
        await _killed_at(PLACING, layout, backup)
        refused = cli("up", layout)
        assert (refused.returncode, "./parley restore" in refused.stderr) == (1, True)
        done = cli("restore", layout, backup, "--over")
        assert done.returncode == 0, done.stdout + done.stderr
        with started_in(layout) as running:
            await running.until_ready()
            async with _officer(running) as officer:
                for record in written:
                    await officer.get(f"/v1/organisations/{record}")
            verified = await asyncio.to_thread(cli, "verify", layout)
            assert verified.returncode == 0, verified.stdout


def _officer(running: Installation) -> Partner:
    return Partner(running.gateway_url, Persona.of(running.demo["personas"][0]))


async def _written(running: Installation, word: str) -> list[str]:
    async with _officer(running) as officer:
        bodies = [
            {"name": f"Invented {word} {number}", "organisation_kind": "ngo"}
            for number in range(RECORDS)
        ]
        made = [await officer.post("/v1/organisations", body) for body in bodies]
    return [one["id"] for one in made]


async def _killed_at(said: bytes, layout: Layout, backup: str) -> None:
    """Begun, and killed as soon as it says so."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "cli", "restore", "--var", str(layout.var)),
        *(backup, "--over"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(SECONDS):
        while not (line := await process.stdout.readline()).startswith(said):
            assert line, "it ended before it came so far"
    process.kill()
    await process.wait()

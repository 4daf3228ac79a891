"""Fault: an installation whose events lie in partitions is verified, rebuilt, backed up and restored.

Promise: everything goes as it does without. Slow: starts everything twice.
"""

import asyncio
from pathlib import Path
from uuid import uuid4

from tests.e2e.partner import Partner, Persona
from tests.fault.installed.test_a_backup_is_restored import cli
from tests.stack.installation import Installation, started_in
from tests.stack.servers import temporary_layout
from tests.thorough import in_ci_only

SIZE, BOUND = "1000", 2_000
ITEMS = 300
# So many that they pass the bound.
BEFORE, MEANWHILE, AFTERWARDS = 1, 2, 5


@in_ci_only
async def test_an_installation_in_partitions_is_verified_rebuilt_backed_up_and_restored(
    tmp_path: Path,
) -> None:
    backup = str(tmp_path / "backup")
    with temporary_layout() as layout:
        with started_in(layout) as running:
            await _written(running, BEFORE)
            done, _ = await asyncio.gather(
                asyncio.to_thread(cli, "partitions", layout, "--size", SIZE),
                _written(running, MEANWHILE),
            )
            assert done.returncode == 0, done.stdout + done.stderr
            assert f"contacts: the events so far, up to position {BOUND}," in done.stdout
            await _written(running, AFTERWARDS)
            await _holds(running, "verify", "rebuild")
            await _holds(running, "backup", "--to", backup)
        put_back = cli("restore", layout, backup, "--over")
        assert put_back.returncode == 0, put_back.stdout + put_back.stderr
        with started_in(layout) as running:
            await running.until_ready()
            await _written(running, BEFORE)
            await _holds(running, "verify", "partitions")


async def _written(running: Installation, batches: int) -> None:
    """Batch after batch, each item of which must be accepted."""
    persona = Persona.of(running.demo["personas"][0])
    async with Partner(running.gateway_url, persona) as partner:
        for _ in range(batches):
            items = [{"key": uuid4().hex, "body": {"name": uuid4().hex}} for _ in range(ITEMS)]
            answer = await partner.post("/v1/organisations/batch", {"items": items})
            assert {item["status"] for item in answer["items"]} == {201}


async def _holds(running: Installation, *asked: str) -> None:
    """Commands that answer 0: one with arguments, or several without."""
    commands = [asked] if asked[1:] and asked[1].startswith("--") else [(one,) for one in asked]
    for name, *arguments in commands:
        done = await asyncio.to_thread(cli, name, running.layout, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr

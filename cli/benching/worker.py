"""Appends in a process of its own: `python -m cli.benching.worker URL CALLERS SECONDS`."""

import asyncio
import subprocess
import sys

import uvloop

from cli.benching.event_log import callers, one_append
from deploy.local.layout import ROOT
from shared.eventstore.store import open_store

WARM_UP_SECONDS = 0.5
SPARE_SECONDS = 30


async def appended_elsewhere(url: str, at_once: int, seconds: float) -> float:
    """Events per second of another process. Raises ChildProcessError when it failed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli.benching.worker", url, str(at_once), str(seconds),
        cwd=ROOT, stdout=subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(seconds + SPARE_SECONDS):
        said, _ = await process.communicate()
    if process.returncode:
        raise ChildProcessError("a process that appends failed; its last words are above")
    return float(said)


async def _rate(url: str, at_once: int, seconds: float) -> float:
    async with open_store(url) as store:
        run = callers(at_once, lambda: store.append(one_append()))
        await run(WARM_UP_SECONDS)
        return await run(seconds)


if __name__ == "__main__":
    print(uvloop.run(_rate(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))

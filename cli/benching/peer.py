"""A peer in an environment of its own, made once from locked, hashed packages, and spoken to by line."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from cli.bootstrap import prepare
from deploy.local.layout import ROOT

FOLDER = ROOT / "var/bench-peer"
STOP_SECONDS = 10
ANSWER_SECONDS = 300


class Peer:
    """A running peer."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def rate(self, do: str, **order: object) -> float:
        """What it did per second. Raises ConnectionError when it broke."""
        if self._process.stdin is None or self._process.stdout is None:
            raise ConnectionError("the peer has no pipes")
        self._process.stdin.write(json.dumps({"do": do, **order}).encode() + b"\n")
        async with asyncio.timeout(ANSWER_SECONDS):
            line = await self._process.stdout.readline()
        if not line:
            raise ConnectionError("the peer ended; its last words are above")
        return float(json.loads(line)["per_second"])


@asynccontextmanager
async def running_peer(script: str, environment: Mapping[str, str]) -> AsyncIterator[Peer]:
    """`script` of `cli/benching/peers`, ended with the block."""
    python = await asyncio.to_thread(prepare, ROOT, FOLDER, ["peer"])
    process = await asyncio.create_subprocess_exec(
        str(python), "-I", str(Path(__file__).parent / "peers" / script),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(environment),
    )  # fmt: skip
    try:
        yield Peer(process)
    finally:
        process.terminate()
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()

"""Another reporting service, as a process of its own that can be killed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp

from deploy.local.layout import ROOT
from deploy.local.state import free_port
from services.reporting.settings import ReportingSettings

START_SECONDS = 30
LOOK_AGAIN_SECONDS = 0.05


@asynccontextmanager
async def replica(settings: ReportingSettings) -> AsyncIterator[asyncio.subprocess.Process]:
    """Of the same installation, ready, on another port. Killed in the end, if it still runs."""
    port = free_port()
    told = settings.model_dump(exclude_none=True) | {"port": port}
    environment = {f"PARLEY_{name.upper()}": str(value) for name, value in told.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "uvicorn", "--factory", "services.reporting.app:create",
        "--port", str(port), "--log-level", "error",
        env=os.environ | environment, cwd=ROOT,
    )  # fmt: skip
    try:
        await _until_ready(port)
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _until_ready(port: int) -> None:
    async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as http:
        while True:
            with suppress(aiohttp.ClientConnectionError):
                async with http.get(f"http://127.0.0.1:{port}/health/ready") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

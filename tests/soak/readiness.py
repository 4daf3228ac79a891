"""Whether all services become ready again, and what they say when they do not."""

import asyncio

import aiohttp

from deploy.local.state import LOOPBACK, SERVICES
from tests.stack.installation import Installation

ASK_SECONDS = 5.0
LOOK_SECONDS = 0.2


async def reasons_not_to_be_ready(installation: Installation, seconds: float) -> list[str]:
    """Empty as soon as all are ready; after `seconds` what each of the others says."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        while True:
            told = [await _told(http, installation, name) for name in SERVICES]
            reasons = [one for one in told if one]
            if not reasons or loop.time() > end:
                return reasons
            await asyncio.sleep(LOOK_SECONDS)


async def _told(http: aiohttp.ClientSession, installation: Installation, name: str) -> str:
    port = installation.state.ports[name]
    try:
        async with http.get(f"http://{LOOPBACK}:{port}/health/ready") as answer:
            return "" if answer.status == 200 else f"{name} is not ready: {await answer.text()}"
    except (aiohttp.ClientError, TimeoutError) as fault:
        return f"{name} does not answer: {type(fault).__name__}"

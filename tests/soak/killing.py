"""Random processes die by SIGKILL, one after the other; whoever keeps them starts them again."""

import asyncio
import os
import random
import signal
from collections import Counter

from deploy.local.state import SERVICES
from tests.stack.installation import Installation

VICTIMS = (*SERVICES, "postgres", "nats")
RESTART_SECONDS = 60
LOOK_SECONDS = 0.02


async def kill_at_random(
    installation: Installation, seconds: float, gap_seconds: float, chance: random.Random
) -> Counter[str]:
    """For `seconds`: how often each died. Between deaths about `gap_seconds`, all well again or not."""
    deaths: Counter[str] = Counter()
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        await asyncio.sleep(chance.uniform(0, 2 * gap_seconds))
        victim = chance.choice(VICTIMS)
        await _kill(installation, victim)
        deaths[victim] += 1
    return deaths


async def _kill(installation: Installation, name: str) -> None:
    before = installation.pid(name)
    os.kill(before, signal.SIGKILL)
    async with asyncio.timeout(RESTART_SECONDS):
        while installation.pid(name) == before:
            await asyncio.sleep(LOOK_SECONDS)

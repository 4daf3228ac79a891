"""Partners that write at a steady rate, and insist; what was acknowledged is remembered."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.e2e.partner import Partner

KINDS = ("organisations", "engagements")
AT_ONCE = 64
TOKEN_SECONDS = 240.0


@dataclass
class Written:
    """Id -> the word that was sent with it, per kind."""

    acknowledged: dict[str, dict[str, str]] = field(
        default_factory=lambda: {kind: {} for kind in KINDS}
    )
    given_up: int = 0

    @property
    def ids(self) -> set[str]:
        return {record for held in self.acknowledged.values() for record in held}

    @property
    def doubled(self) -> list[str]:
        """Words that more than one acknowledgement was given for."""
        words = Counter(word for held in self.acknowledged.values() for word in held.values())
        return [word for word, count in words.items() if count > 1]


async def write(partner: Partner, per_second: float, over: asyncio.Event, written: Written) -> None:
    """At most `per_second` and AT_ONCE at a time, until `over`; then waits for what is under way."""
    free = asyncio.Semaphore(AT_ONCE)
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        number, began = 0, loop.time()
        while not over.is_set():
            await free.acquire()
            number += 1
            group.create_task(_insist(partner, number, free, written))
            await asyncio.sleep(max(began + number / per_second - loop.time(), 0))


async def stay_signed_in(partner: Partner, over: asyncio.Event) -> None:
    """Tokens last ten minutes."""
    while not over.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(TOKEN_SECONDS):
                await over.wait()
        with suppress(aiohttp.ClientError, TimeoutError):
            await partner.sign_in()


async def _insist(partner: Partner, number: int, free: asyncio.Semaphore, written: Written) -> None:
    word, kind = f"soak{number}", KINDS[number % len(KINDS)]
    try:
        answer = await partner.post_until_acknowledged(f"/v1/{kind}", _body(kind, word))
        written.acknowledged[kind][answer["id"]] = word
    except AssertionError:
        written.given_up += 1
    finally:
        free.release()


def _body(kind: str, word: str) -> dict[str, Any]:  # Any: JSON
    if kind == "organisations":
        return {"name": word, "organisation_kind": "ngo"}
    return {"purpose": word, "type": "routine_liaison", "starts_at": "2031-01-02T09:00:00Z"}


def a_seed() -> int:
    return random.SystemRandom().randrange(2**32)

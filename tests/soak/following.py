"""Feed subscribers that resume from their cursors whatever breaks, and keep the ids of all they were told."""

import asyncio
from collections import defaultdict
from contextlib import suppress

import aiohttp

from tests.e2e.partner import Partner

REST_SECONDS = 0.2


class Subscriber:
    """`told`: for each record the ids of the changes told of it; a repeat carries the same id."""

    def __init__(self, partner: Partner, cursor: str) -> None:
        self._partner = partner
        self._cursor = cursor
        self.told: defaultdict[str, set[str]] = defaultdict(set)
        self.resets = 0
        self.connections = 0

    async def follow(self) -> None:
        """For ever; cancel it."""
        while True:
            with suppress(aiohttp.ClientError, TimeoutError, AssertionError):
                await self._one_connection()
            await asyncio.sleep(REST_SECONDS)

    async def until_told(self, wanted: set[str], seconds: float) -> set[str]:
        """Those of `wanted` it was not told of within `seconds`."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (missing := wanted - self.told.keys()) and loop.time() < end:
            await asyncio.sleep(REST_SECONDS)
        return missing

    def told_twice(self, of: set[str]) -> list[str]:
        """Records with more than one change told, though each was changed once."""
        return [record for record in of if len(self.told[record]) > 1]

    async def _one_connection(self) -> None:
        self.connections += 1
        async with self._partner.feed(self._cursor) as events:
            async for event in events:
                self._cursor = event.id or self._cursor
                self.resets += event.event == "reset"
                if event.data and event.event != "reset":
                    self.told[event.json["subject"]].add(event.json["id"])

"""Fault: the gateway is killed while feeds are open and partners write. Promise: whoever comes back with the
last id it was given is told of every change, of each once."""

import asyncio
import os
import signal
from collections import Counter
from uuid import uuid4

import aiohttp

from tests.e2e.partner import Partner, Persona
from tests.stack.installation import Installation
from tests.thorough import times

DEATHS = times(3, thorough=12)
WRITERS = 4
TOLD_BETWEEN = 15
SECONDS = 120
LOOK_AGAIN_SECONDS = 0.02


async def test_feeds_go_on_exactly_where_a_killed_gateway_broke_them_off(
    private_installation: Installation,
) -> None:
    persona = Persona.of(private_installation.demo["personas"][0])
    async with asyncio.timeout(SECONDS + DEATHS * 20):
        async with Partner(private_installation.gateway_url, persona) as partner:
            follower = Follower(private_installation, partner)
            follower.cursor = (await partner.get("/v1/changes"))["next_cursor"]
            written = await _written_through_deaths(private_installation, partner, follower)
    assert len(written) > WRITERS
    assert {record for record, _ in follower.told} == set(written)
    assert [one for one, count in Counter(follower.told).items() if count > 1] == []


class Follower:
    """Reads the feed, and comes back whenever it breaks, with the last id it was given."""

    def __init__(self, installation: Installation, partner: Partner) -> None:
        self._installation, self._partner = installation, partner
        self.cursor = ""
        self.told: list[tuple[str, str]] = []

    async def follow(self) -> None:
        """For ever."""
        while True:
            try:
                await self._one_connection()
            except (aiohttp.ClientError, TimeoutError):
                await self._installation.until_ready("gateway")

    async def has(self, count: int) -> None:
        while len(self.told) < count:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _one_connection(self) -> None:
        async with self._partner.feed(self.cursor) as events:
            async for event in events:
                self.cursor = event.id or self.cursor
                if event.data:
                    self.told.append((event.json["subject"], event.json["id"]))


async def _written_through_deaths(
    installation: Installation, partner: Partner, follower: Follower
) -> list[str]:
    """Ids of what was acknowledged; the follower has been told of as many when it ends."""
    written: list[str] = []
    over = asyncio.Event()
    following = asyncio.create_task(follower.follow())
    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(_write_until(over, partner, written))
        for _ in range(DEATHS):
            await follower.has(len(follower.told) + TOLD_BETWEEN)
            await _killed(installation)
        await follower.has(len(follower.told) + TOLD_BETWEEN)
        over.set()
    await follower.has(len(written))
    following.cancel()
    return written


async def _killed(installation: Installation) -> None:
    """Until another has started."""
    before = installation.pid("gateway")
    os.kill(before, signal.SIGKILL)
    while installation.pid("gateway") == before:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    await installation.until_ready("gateway")


async def _write_until(over: asyncio.Event, partner: Partner, written: list[str]) -> None:
    while not over.is_set():
        body = {"name": uuid4().hex, "organisation_kind": "ngo"}
        answer = await partner.post_until_acknowledged("/v1/organisations", body)
        written.append(answer["id"])

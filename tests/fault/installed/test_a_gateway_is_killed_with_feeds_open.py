"""Fault: the gateway is killed while feeds are open and partners write. Promise: whoever comes back with the
last id it was given is told of every change, of each once."""

import asyncio
from collections import Counter
from uuid import uuid4

import aiohttp

from tests.e2e.partner import Json, Partner, Persona
from tests.stack.installation import Installation
from tests.thorough import times

DEATHS = times(2, thorough=12)
WRITERS = 4
TOLD_BETWEEN = 15
SECONDS = 120
LOOK_AGAIN_SECONDS = 0.02


async def test_feeds_go_on_exactly_where_a_killed_gateway_broke_them_off(
    killable: Installation,
) -> None:
    persona = Persona.of(killable.demo["personas"][0])
    async with asyncio.timeout(SECONDS + DEATHS * 20):
        async with Partner(killable.gateway_url, persona) as partner:
            follower = Follower(killable, partner)
            follower.cursor = await _now(partner)
            written = await _written_through_deaths(killable, partner, follower)
    assert len(written) > WRITERS
    assert {record for record, _ in follower.told} == set(written)
    assert [one for one, count in Counter(follower.told).items() if count > 1] == []


async def _now(partner: Partner) -> str:
    """The cursor after all that was written before."""
    made = await partner.post("/v1/organisations", _organisation())
    await partner.get(f"/v1/organisations/{made['id']}", at_least=made["position"])
    return str((await partner.get("/v1/changes"))["next_cursor"])


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
    await installation.kill("gateway")
    await installation.until_ready("gateway")


async def _write_until(over: asyncio.Event, partner: Partner, written: list[str]) -> None:
    while not over.is_set():
        answer = await partner.post_until_acknowledged("/v1/organisations", _organisation())
        written.append(answer["id"])


def _organisation() -> Json:
    return {"name": uuid4().hex, "organisation_kind": "ngo"}

"""Fault: feeds break off and come back while the events of both services are laid into partitions under
writes, and writes go on into the next partitions. Promise: they tell exactly what the oracle says (I11).
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg

from shared.eventstore.store import open_store
from shared.eventstore.verify import Breach, verify_store
from shared.partitioning import partition
from tests.e2e.feed_course import (
    HIDDEN,
    READABLE,
    Fates,
    Reader,
    an_engagement,
    an_organisation,
    told_as_the_oracle_says,
    write_last,
    written,
)
from tests.e2e.partner import Partner, Persona
from tests.stack.installation import Installation
from tests.thorough import times

SEED = 20261129
SERVICES = ("contacts", "engagements")
SIZE = 500
ITEMS = 100
WRITES = times(200, thorough=1_000)
LEAST_DISCONNECTS = 50
SECONDS = 300
READABLE_SHARE = 0.2
LAST_LIES_IN = "select tableoid::regclass::text from events order by position desc limit 1"
KINDS = {"organisations": an_organisation, "engagements": an_engagement}


async def test_feeds_that_break_off_are_exact_while_events_are_laid_into_partitions(
    killable: Installation,
) -> None:
    chance = random.Random(SEED)
    async with (
        asyncio.timeout(SECONDS),
        _partner(killable, 0) as writer,
        _partner(killable, 2) as un,
    ):
        reader = Reader(un, (await un.get("/v1/changes"))["next_cursor"], chance)
        last: asyncio.Future[set[str]] = asyncio.get_running_loop().create_future()
        async with asyncio.TaskGroup() as group:
            group.create_task(reader.follow(last))
            laying = group.create_task(_laid(killable))
            fates = await _written_past_the_bound(killable, writer, chance, laying)
            fates |= await written(writer, chance, WRITES)
            last.set_result(await write_last(writer))
    print(f"{reader.disconnects} disconnects, {len(fates):,} records")
    assert reader.disconnects >= LEAST_DISCONNECTS
    told_as_the_oracle_says(reader.told, fates)
    assert [await _breaches(killable, service) for service in SERVICES] == [[], []]


@asynccontextmanager
async def _partner(running: Installation, number: int) -> AsyncIterator[Partner]:
    persona = Persona.of(running.demo["personas"][number])
    async with Partner(running.gateway_url, persona) as partner:
        yield partner


async def _laid(running: Installation) -> None:
    for service in SERVICES:
        assert await partition(running.databases.url(service, "owner"), SIZE, lambda _: None)


async def _written_past_the_bound(
    running: Installation, writer: Partner, chance: random.Random, laying: "asyncio.Task[None]"
) -> Fates:
    """Records of both services, until the last event of each lies in another partition than the first."""
    fates: Fates = {}
    while not (laying.done() and all([await _lies_beyond(running, one) for one in SERVICES])):
        for plural in KINDS:
            fates |= await _batch(writer, chance, plural)
    return fates


async def _batch(writer: Partner, chance: random.Random, plural: str) -> Fates:
    readable = [chance.random() < READABLE_SHARE for _ in range(ITEMS)]
    made = [KINDS[plural](uuid4().hex, READABLE if one else HIDDEN) for one in readable]
    items = [{"key": uuid4().hex, "body": body} for body in made]
    answers = (await writer.post(f"/v1/{plural}/batch", {"items": items}))["items"]
    assert {answer["status"] for answer in answers} == {201}
    ids = [answer["id"] for answer in answers]
    return {id_: [one] for id_, one in zip(ids, readable, strict=True)}


async def _lies_beyond(running: Installation, service: str) -> bool:
    connection = await asyncpg.connect(running.databases.url(service, "app"))
    try:
        return await connection.fetchval(LAST_LIES_IN) not in ("events", "events_from_0")
    finally:
        await connection.close()


async def _breaches(running: Installation, service: str) -> list[Breach]:
    async with open_store(running.databases.url(service, "app")) as store:
        return await verify_store(store, lambda _: None)

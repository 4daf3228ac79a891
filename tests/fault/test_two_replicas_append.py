"""Fault: two replicas of one service write the same records at once. Promise: no gap, no version won twice,
one order, and neither replica nor any of its writers starves."""

import asyncio
import sys
from collections import Counter
from contextlib import AsyncExitStack

from deploy.local.layout import ROOT
from shared.eventstore.errors import VersionConflict
from shared.eventstore.model import Recorded
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_store
from tests.fault.writing_until_killed import WRITERS
from tests.service.conftest import StoreAddress
from tests.service.deciding_world import Caller, Installed
from tests.stack.events import an_append

SECONDS = 60
STREAMS = 5
WINS = 12
AMENDS = 6
LINES = 400
# Of what both wrote while both were writing, and of an even part for each of their writers. A busy machine
# prefers one of them at times; how evenly they share is measured by `./parley bench append-two`.
LEAST_SHARE = 0.1
LEAST_OF_AN_EVEN_PART = 0.2


async def test_writers_of_shared_streams_on_two_replicas_win_each_version_once(
    store: EventStore, store_address: StoreAddress
) -> None:
    async with asyncio.timeout(SECONDS), open_store(store_address.app) as other:
        await asyncio.gather(
            *(_win(one, f"test_{n % STREAMS}") for one in (store, other) for n in range(WRITERS))
        )
    events = await store.read_all(0, 10_000)
    assert [event.position for event in events] == list(range(1, 2 * WRITERS * WINS + 1))
    assert len({(event.stream_id, event.version) for event in events}) == len(events)
    assert await verify_store(store, lambda _: None) == []


async def test_amendments_over_http_by_two_replicas_all_stand_in_one_order(
    installed: Installed,
) -> None:
    async with AsyncExitStack() as exits:
        replicas = [await exits.enter_async_context(installed.contacts()) for _ in range(2)]
        replicas[1] = replicas[1].but(organisation=replicas[0].principal.organisation)
        for replica in replicas:
            await replica.until_ready()
        made = [
            await replicas[0].post("/organisations", {"name": f"Aid {n}"}) for n in range(STREAMS)
        ]
        await asyncio.gather(
            *(
                _amend(replica, one.id, word)
                for replica in replicas
                for one in made
                for word in "ab"
            )
        )
        store = await exits.enter_async_context(
            open_store(installed.databases.url("contacts", "app"))
        )
        versions = [[event.version for event in await store.load(one.id)] for one in made]
        assert versions == [list(range(1, 2 * 2 * AMENDS + 2))] * STREAMS
        assert (await store.head()).position == STREAMS * (2 * 2 * AMENDS + 1)
        assert await verify_store(store, lambda _: None) == []


async def test_neither_of_two_replicas_starves_nor_any_of_their_writers(
    store: EventStore, store_address: StoreAddress
) -> None:
    all_told = asyncio.Barrier(2)
    await asyncio.gather(*(_replica(store_address.app, name, all_told) for name in ("one", "two")))
    both = _while_both_wrote(await store.read_all(0, 1_000_000))
    replicas = Counter(name for name, _ in both)
    assert min(replicas.values()) >= LEAST_SHARE * len(both), replicas
    for name, count in replicas.items():
        writers = Counter(writer for which, writer in both if which == name)
        assert len(writers) == WRITERS, writers
        assert min(writers.values()) >= LEAST_OF_AN_EVEN_PART * count / WRITERS, writers
    assert await verify_store(store, lambda _: None) == []


async def _win(store: EventStore, stream: str) -> None:
    """Append to the stream as often as it must, whoever comes first meanwhile."""
    won = 0
    while won < WINS:
        reached = len(await store.load(stream))
        try:
            await store.append(an_append(stream, expected=reached))
        except VersionConflict:
            continue
        won += 1


async def _amend(caller: Caller, record_id: str, word: str) -> None:
    """As clients do: one that lost against others comes again with its key."""
    for number in range(AMENDS):
        name = f"{caller.http._base_url} {word} {number}"
        status = 409
        while status == 409:
            at = f"/organisations/{record_id}/amend"
            status = (await caller.post(at, {"name": name}, key=f"{record_id} {name}")).status
        assert status == 200


async def _replica(url: str, name: str, all_told: asyncio.Barrier) -> None:
    """A process that writes on until this and every other has told of enough appends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "tests.fault.writing_until_killed", url, name),
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS):
            for _ in range(LINES):
                await process.stdout.readline()
            enough = asyncio.create_task(all_told.wait())
            while not enough.done():
                await process.stdout.readline()
    finally:
        process.kill()
        await process.communicate()


def _while_both_wrote(events: list[Recorded]) -> list[tuple[str, str]]:
    """Replica and writer of each event from when the later began until the earlier ended."""
    written = [(name, writer) for _, name, writer, _ in (e.stream_id.split("_") for e in events)]
    places = {
        name: [place for place, (which, _) in enumerate(written) if which == name]
        for name in ("one", "two")
    }
    begin = max(each[0] for each in places.values())
    end = min(each[-1] for each in places.values())
    return written[begin : end + 1]

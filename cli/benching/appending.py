"""`./parley bench append-...`: the event store beside a bare insert, a plain design and a library."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median

from cli.benching.append_bare import bulk_side, plain_side
from cli.benching.event_log import CONTENT, SERVICE, callers, one_append, open_log
from cli.benching.pairing import PAIRS, SECONDS, Figure, Side, compared
from cli.benching.peer import Peer, running_peer
from cli.benching.peer_database import peer_environment
from cli.benching.result import Result
from cli.benching.worker import appended_elsewhere
from deploy.local.databases import Databases

LIBRARY = "eventsourcing_side.py"
MANY, SOME = 64, 16


async def append_bulk(seed: int) -> list[Result]:
    """64 callers / one connection that inserts the same hashed rows in bulk."""
    async with open_log() as log, bulk_side(log.databases) as bulk:
        ours = callers(MANY, lambda: log.store.append(one_append()))
        return [await compared(Figure("append-bulk", "events/s", 0.65), ours, bulk)]


async def append_plain(seed: int) -> list[Result]:
    """64 callers / one transaction per command through SQLAlchemy, 32 connections."""
    async with open_log() as log, plain_side(log.databases, MANY) as plain:
        ours = callers(MANY, lambda: log.store.append(one_append()))
        return [await compared(Figure("append-plain", "events/s", 10), ours, plain)]


async def append_peer(seed: int) -> list[Result]:
    """16 callers / the library's `save` in 16 threads."""
    return [await _beside_library(Figure("append-peer", "events/s", 12), SOME)]


async def append_alone(seed: int) -> list[Result]:
    """One caller / the library's `save` in one thread."""
    return [await _beside_library(Figure("append-alone", "events/s", 2), 1)]


async def append_two(seed: int) -> list[Result]:
    """Two processes on one head, 64 callers each: the slower / the faster."""
    async with open_log() as log:
        url = log.databases.url(SERVICE, "app")
        rounds = [
            sorted(
                await asyncio.gather(*(appended_elsewhere(url, MANY, SECONDS) for _ in range(2)))
            )
            for _ in range(PAIRS)
        ]
    ratios = sorted(slower / faster for slower, faster in rounds)
    slower, faster = (median(one[at] for one in rounds) for at in (0, 1))
    spread = (ratios[0], ratios[-1])
    return [
        Result("append-two", slower, faster, "events/s", 0.9, ratio=median(ratios), spread=spread)
    ]


async def _beside_library(figure: Figure, at_once: int) -> Result:
    async with open_log() as log, library(log.databases) as peer:
        ours = callers(at_once, lambda: log.store.append(one_append()))
        return await compared(figure, ours, saving(peer, at_once))


@asynccontextmanager
async def library(databases: Databases) -> AsyncIterator[Peer]:
    """The library, on a database of its own on the same server."""
    async with running_peer(LIBRARY, await peer_environment(databases)) as peer:
        yield peer


def saving(peer: Peer, threads: int) -> Side:
    async def run(seconds: float) -> float:
        return await peer.rate("save", threads=threads, seconds=seconds, content=CONTENT)

    return run

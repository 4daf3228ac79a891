"""The looks that verify takes at one service: its store, its stream, and heads that were kept."""

import time
from collections.abc import Callable, Sequence

import asyncpg

from cli.verifying.invariants import OF_STORES, OF_STREAMS
from cli.verifying.kept_heads import check_signatures, own_key
from cli.verifying.report import Checked
from deploy.local.secrets import seed_file
from deploy.local.services import Surroundings
from shared.bus import REQUEST_SECONDS, Address, open_bus
from shared.database import STATEMENT_SECONDS, open_pool
from shared.eventstore.chain import Breach
from shared.eventstore.store import open_store
from shared.eventstore.verify import Progress, verify_store, verify_stream
from shared.heads import SignedHead
from shared.heads_checking import INVARIANT, against, standing_of

NOT_THERE = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)
Tell = Callable[[str, str], Progress]

_CHECKPOINTS = "select projection, source, epoch, position from checkpoints order by projection"


async def looks_at(
    around: Surroundings, service: str, heads: Sequence[SignedHead] | None, tell: Tell
) -> list[Checked]:
    """Store, stream and heads of one service. A table that is not there is a breach too."""
    try:
        looks = [
            await at_store(around, service, tell(service, "events")),
            await at_stream(around, service, tell(service, "messages")),
        ]
        return looks if heads is None else [*looks, await at_heads(around, service, heads)]
    except NOT_THERE as missing:
        words = f"the store cannot be read: {type(missing).__name__}"
        return [Checked(service, ("I4",), 0, "events", 0.0, (Breach("I4", 0, words),))]


async def at_store(around: Surroundings, service: str, tell: Progress) -> Checked:
    return await at_address(around.databases.url(service, "app"), service, tell)


async def at_address(url: str, service: str, tell: Progress) -> Checked:
    began, counted = time.perf_counter(), _Count(tell)
    async with open_store(url, connections=2) as store:
        breaches = await verify_store(store, counted)
    spent = time.perf_counter() - began
    return Checked(service, OF_STORES, counted.reached, "events", spent, tuple(breaches))


async def at_stream(around: Surroundings, service: str, tell: Progress) -> Checked:
    began, counted = time.perf_counter(), _Count(tell)
    address = Address(around.state.mission, around.state.site, service)
    seed = seed_file(around.layout.secrets, service)
    async with (
        open_store(around.databases.url(service, "app"), connections=2) as store,
        open_bus(around.nats_url, seed, name=service, ca_file=around.nats_ca) as client,
    ):
        js = client.jetstream(timeout=REQUEST_SECONDS)
        breaches = await verify_stream(store, js, address, counted)
    spent = time.perf_counter() - began
    return Checked(service, OF_STREAMS, counted.reached, "messages", spent, tuple(breaches))


async def at_heads(around: Surroundings, service: str, heads: Sequence[SignedHead]) -> Checked:
    """Those of `heads` that are this service's; their signatures first."""
    began = time.perf_counter()
    own = [head for head in heads if head.told.get("service") == service]
    keys = own_key(around.layout.secrets, around.state, service)
    forged = [Breach(INVARIANT, 0, wrong) for wrong in check_signatures(own, keys)]
    async with open_pool(around.databases.url(service, "app"), connections=1) as pool:
        breaches, notes = against(own, await standing_of(pool, own))
    spent = time.perf_counter() - began
    found = tuple(forged[:1] or breaches)
    return Checked(service, (INVARIANT,), len(own), "heads", spent, found, tuple(notes))


async def at_checkpoints(around: Surroundings, services: Sequence[str]) -> Checked:
    """No projection may have taken in what its source does not hold."""
    began = time.perf_counter()
    url = around.databases.url("reporting_read", "projector")
    async with open_pool(url, connections=1) as pool:
        rows = await pool.fetch(_CHECKPOINTS, timeout=STATEMENT_SECONDS)
    heads = {service: await _head(around, service) for service in services}
    breaches = [
        Breach("I9", row["position"], f"{row['projection']}/{row['source']} is ahead of its source")
        for row in rows
        if (row["epoch"], row["position"]) > heads.get(row["source"], (0, 0))
    ]
    spent = time.perf_counter() - began
    return Checked("reporting", ("I9",), len(rows), "checkpoints", spent, tuple(breaches))


async def at_acknowledged(
    around: Surroundings, services: Sequence[str], ids: Sequence[str]
) -> Checked:
    """Every record a client was told of must be in one of the stores."""
    began = time.perf_counter()
    missing = set(ids)
    for service in services:
        async with open_pool(around.databases.url(service, "app"), connections=1) as pool:
            rows = await pool.fetch(
                "select stream_id from streams where stream_id = any($1::text[])",
                list(missing),
                timeout=STATEMENT_SECONDS,
            )
        missing -= {row["stream_id"] for row in rows}
    breaches = tuple(Breach("I6", 0, f"{one} is in no store") for one in sorted(missing)[:1])
    spent = time.perf_counter() - began
    return Checked("every store", ("I6",), len(ids), "records", spent, breaches)


async def _head(around: Surroundings, service: str) -> tuple[int, int]:
    async with open_store(around.databases.url(service, "app"), connections=1) as store:
        head = await store.head()
    return head.epoch, head.position


class _Count:
    """Passes progress on and remembers how far it got."""

    def __init__(self, tell: Progress) -> None:
        self._tell = tell
        self.reached = 0

    def __call__(self, position: int) -> None:
        self.reached = position
        self._tell(position)

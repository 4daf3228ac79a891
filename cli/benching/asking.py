"""Two ways to ask for a place by name: Parley's own query, and PostgreSQL's trigrams as they come."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.reporting.queries.names import suggested
from services.reporting.reading import Reader
from shared.database import Pool
from shared.ids import Kind, RecordId
from shared.principal import Principal

PROPOSALS = 10
# What somebody writes who follows pg_trgm's documentation.
_TRIGRAMS = """
select record_id from (
    select distinct on (record_id) record_id, similarity(lower(name), lower($1)) as near
      from g1.names where lower(name) % lower($1) order by record_id, near desc) as found
 order by near desc, record_id limit $2
"""
_PEER_INDEX = "create index on g1.names using gin (lower(name) gin_trgm_ops)"

Ask = Callable[[str], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """Ids, best first, and how long they took."""

    ids: list[str]
    seconds: float


async def timed(ask: Ask, text: str) -> Answer:
    began = time.perf_counter()
    ids = await ask(text)
    return Answer(ids, time.perf_counter() - began)


def asking_parley(reader: Reader) -> Ask:
    """With label checks, row security and all: what the route runs."""
    principal = Principal("bench", RecordId.new(Kind.ORGANISATION), "bench", levels={"un": 0})

    async def ask(text: str) -> list[str]:
        async with reader.snapshot(principal) as snapshot:
            rows = await suggested(snapshot, text, ("place",), PROPOSALS)
        return [row["record_id"] for row in rows]

    return ask


async def asking_trigrams(owner: Pool) -> Ask:
    """The same rows, without labels; makes the index it needs."""
    await owner.execute(_PEER_INDEX)

    async def ask(text: str) -> list[str]:
        return [row["record_id"] for row in await owner.fetch(_TRIGRAMS, text, PROPOSALS)]

    return ask

"""`./parley bench query`: lists, counts and searches behind both walls / of nothing but what is read.

The other side asks the same questions, without labels and row security, of tables that hold only the records
our reader reads. Of the past the other side is the present.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from time import perf_counter
from typing import TypeAlias

from cli.benching.event_log import WrongError
from cli.benching.misspelling import KINDS, misspelt
from cli.benching.pairing import Figure, Side, compared, until
from cli.benching.read_model import Asker, make_read_model
from cli.benching.result import Result
from cli.benching.throwaway import throwaway_databases
from services.reporting.filters import Filters, Page
from services.reporting.queries.records import COUNT_LIMIT, count_records, list_records
from services.reporting.reading import Reader, Snapshot
from shared.clock import utc_now
from shared.database import Pool, open_pool
from shared.ids import Kind
from shared.interning import LabelBook

NEWEST, BEST = Page(size=50), Page(size=50, sort="relevance")
IN_AREA = Filters(kind=(Kind.ENGAGEMENT.value,), area="SO42")
COUNTED = (Kind.ENGAGEMENT, Kind.PERSON, Kind.ORGANISATION, Kind.COMMITMENT)
YEAR = timedelta(days=365)
_BARE = "begin isolation level repeatable read read only; set local search_path = g2, public"
_COUNT_PLAINLY = "select count(*) from (select from records where kind = $1 limit $2) as counted"
_KNOWN_THEN = """
select record_id from g2.records where recorded_at <= $1 order by recorded_at desc, record_id desc limit $2
"""

Opened: TypeAlias = Callable[[], AbstractAsyncContextManager[Snapshot]]
# Asked of a snapshot; what is answered can be compared.
Ask: TypeAlias = Callable[[Snapshot], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Sides:
    """One read model, in both shapes. `bare`: of the owner, whom row security lets read everything."""

    reader: Reader
    bare: Pool
    asker: Asker

    def walled(self, as_of: datetime | None = None) -> AbstractAsyncContextManager[Snapshot]:
        return self.reader.snapshot(self.asker.principal, as_of)

    @asynccontextmanager
    async def without_walls(self) -> AsyncIterator[Snapshot]:
        async with self.bare.acquire() as connection:
            await connection.execute(_BARE)
            try:
                await connection.fetchval("select active from generations")
                yield Snapshot(connection, self.asker.principal, b"", 2, predicate=False)
            finally:
                await connection.execute("rollback")


async def query(seed: int, size: int) -> list[Result]:
    """Newest 50; 50 of a kind and an area; counts by kind; by words; by misspelt names; as of a year ago."""
    async with _opened(size, seed) as sides:
        results = []
        for figure, asks in questions(sides.asker, seed).items():
            await check_alike(sides, asks)
            ours, other = _timed(sides.walled, asks), _timed(sides.without_walls, asks)
            results.append(await compared(figure, ours, other))
        return [*results, await _as_of(sides)]


def questions(asker: Asker, seed: int) -> dict[Figure, list[Ask]]:
    """What is asked of both sides."""
    chance = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    slips = [misspelt(name, chance.choice(KINDS), chance) for name in asker.names]
    return {
        _figure("query-list", 1.5): [_newest],
        _figure("query-list, kind and area", 1.5): [partial(_listed, IN_AREA, NEWEST)],
        _figure("query-count", 1): [_counted],
        _figure("query-search, words", 2): _searches(asker.words),
        _figure("query-search, fuzzy", 2.5): _searches(slips),
    }


async def check_alike(sides: Sides, asks: Sequence[Ask]) -> None:
    """Raises WrongError when what is read is not what may be read."""
    for ask in asks:
        async with sides.walled() as ours, sides.without_walls() as other:
            if await ask(ours) != await ask(other):
                raise WrongError("what is read differs from what may be read")


async def check_past(sides: Sides, then: datetime) -> None:
    """Raises WrongError when what is read as of `then` is not what had been recorded."""
    known = await sides.bare.fetch(_KNOWN_THEN, then, NEWEST.size)
    async with sides.walled(then) as snapshot:
        if await _newest(snapshot) != [row["record_id"] for row in known]:
            raise WrongError("the past is not what was recorded by then")


async def _as_of(sides: Sides) -> Result:
    then = utc_now() - YEAR
    await check_past(sides, then)
    past = _timed(partial(sides.walled, then), [_newest])
    return await compared(_figure("query-as-of", 1.6), past, _timed(sides.walled, [_newest]))


def _figure(name: str, goal: float) -> Figure:
    return Figure(name, "ms", goal, lower_is_better=True)


async def _listed(filters: Filters, page: Page, snapshot: Snapshot) -> object:
    """Ids, in order."""
    return [row["record_id"] for row in (await list_records(snapshot, filters, page)).rows]


async def _counted(snapshot: Snapshot) -> object:
    """By the product, or by whoever has but a table of what may be read."""
    if snapshot.predicate:
        return [await count_records(snapshot, Filters(kind=(kind.value,))) for kind in COUNTED]
    asked = [(kind.value, COUNT_LIMIT) for kind in COUNTED]
    return [await snapshot.connection.fetchval(_COUNT_PLAINLY, *one) for one in asked]


async def _newest(snapshot: Snapshot) -> object:
    return await _listed(Filters(), NEWEST, snapshot)


def _searches(texts: Sequence[str]) -> list[Ask]:
    return [partial(_listed, Filters(q=text), BEST) for text in texts]


def _timed(opened: Opened, asks: Sequence[Ask]) -> Side:
    """Milliseconds a question: all of them, one after another, as often as there is time."""

    async def run(seconds: float) -> float:
        goes_on, rounds, began = until(seconds), 0, perf_counter()
        while goes_on():
            for ask in asks:
                async with opened() as snapshot:
                    await ask(snapshot)
            rounds += 1
        return (perf_counter() - began) * 1000 / (rounds * len(asks))

    return run


@asynccontextmanager
async def _opened(size: int, seed: int) -> AsyncIterator[Sides]:
    async with (
        throwaway_databases() as (_, databases),
        opened_sides(databases.url, size, seed) as sides,
    ):
        yield sides


@asynccontextmanager
async def opened_sides(
    url: Callable[[str, str], str], size: int, seed: int
) -> AsyncIterator[Sides]:
    """`size` records in an empty read database; `url` of a database and a role."""
    async with AsyncExitStack() as stack:

        async def pool(role: str) -> Pool:
            opened = open_pool(url("reporting_read", role), connections=2)
            return await stack.enter_async_context(opened)

        owner = await pool("owner")
        asker = await make_read_model(await pool("projector"), owner, size, seed)
        yield Sides(Reader(await pool("reader"), LabelBook()), owner, asker)

"""That both sides of the query benches answer alike, so that a fast wrong answer is none."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from cli.bench import SEED
from cli.benching.event_log import WrongError
from cli.benching.querying import (
    IN_AREA,
    YEAR,
    Sides,
    check_alike,
    check_past,
    opened_sides,
    questions,
)
from cli.benching.read_model import READS
from services.reporting.filters import Filters, Page
from services.reporting.queries.records import list_records
from shared.clock import utc_now

RECORDS = 3_000


class Explained:
    """A connection that keeps the plan of the last query."""

    def __init__(self, connection: Any) -> None:  # Any: a connection, or a pool's
        self._connection = connection
        self.plan = ""

    async def fetch(self, query: str, *values: Any) -> Any:  # Any: rows
        lines = await self._connection.fetch(f"explain analyze {query}", *values)
        self.plan = "\n".join(line[0] for line in lines)
        return await self._connection.fetch(query, *values)


@pytest.fixture(scope="module")
async def sides(postgres) -> AsyncIterator[Sides]:
    fresh = await postgres.fresh("reporting_read")
    async with opened_sides(fresh.url, RECORDS, SEED) as opened:
        yield opened


async def test_behind_both_walls_is_found_what_stands_without_any(sides: Sides) -> None:
    asked = [ask for asks in questions(sides.asker, SEED).values() for ask in asks]
    await check_alike(sides, asked)
    async with sides.without_walls() as snapshot:
        found = [await ask(snapshot) for ask in asked]
    assert sum(bool(one) for one in found) > len(found) / 2


async def test_the_past_is_what_was_recorded_by_then(sides: Sides) -> None:
    await check_past(sides, utc_now() - YEAR)


async def test_a_list_of_the_past_is_walked_and_not_sorted(sides: Sides) -> None:
    """Whatever lies before and after the moment then costs nothing."""
    async with sides.walled(utc_now() - YEAR) as snapshot:
        await snapshot.connection.execute("set local enable_sort = off")  # cheaper for so few
        explained: Any = Explained(snapshot.connection)  # Any: in place of a connection
        await list_records(replace(snapshot, connection=explained), Filters(), Page())
    assert "Merge Append" in explained.plan
    assert "records_past_recorded" in explained.plan
    assert "Sort Method" not in explained.plan


async def test_a_kind_in_an_area_is_found_by_one_index(sides: Sides) -> None:
    """And not by all entries of the kind as well."""
    async with sides.walled() as snapshot:
        explained: Any = Explained(snapshot.connection)  # Any: in place of a connection
        await list_records(replace(snapshot, connection=explained), IN_AREA, Page())
    assert "records_kind_area" in explained.plan
    assert "BitmapAnd" not in explained.plan


async def test_a_side_that_reads_less_than_it_may_is_found(sides: Sides) -> None:
    principal = sides.asker.principal
    fewer = replace(principal, communities=frozenset(sorted(principal.communities)[READS // 2 :]))
    hindered = replace(sides, asker=replace(sides.asker, principal=fewer))
    [newest, *_] = questions(sides.asker, SEED).values()
    with pytest.raises(WrongError):
        await check_alike(hindered, newest)
    with pytest.raises(WrongError):
        await check_past(hindered, utc_now() - YEAR)

"""Statements one after the other, of which the next is made while the database works."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from shared.feeding import feed

LOCK = 7_203_001
WAIT = ("select pg_advisory_xact_lock($1)", (LOCK,))
MADE_SECONDS = 10


@asynccontextmanager
async def _two_connections(url: str) -> AsyncIterator[tuple[asyncpg.Connection, ...]]:
    opened = [await asyncpg.connect(url) for _ in range(2)]
    try:
        yield tuple(opened)
    finally:
        for connection in opened:
            await connection.close()


async def test_the_next_statement_is_made_while_the_database_works_on_one(store_address) -> None:
    made = asyncio.Event()

    def statements() -> Iterator[tuple[str, tuple[object, ...]]]:
        yield WAIT
        made.set()
        yield "select $1::integer", (1,)

    async with _two_connections(store_address.app) as (holder, feeder):
        async with asyncio.timeout(MADE_SECONDS), holder.transaction():
            await holder.execute(WAIT[0], *WAIT[1])
            feeding = asyncio.create_task(feed(feeder, statements()))
            await made.wait()
        await feeding


async def test_what_cannot_be_made_undoes_what_is_under_way(store_address) -> None:
    def statements() -> Iterator[tuple[str, tuple[object, ...]]]:
        yield WAIT
        raise ValueError("cannot be made")

    async with _two_connections(store_address.app) as (holder, feeder):
        async with asyncio.timeout(MADE_SECONDS), holder.transaction():
            await holder.execute(WAIT[0], *WAIT[1])
            with pytest.raises(ValueError, match="cannot be made"):
                async with feeder.transaction():
                    await feed(feeder, statements())
        assert await feeder.fetchval("select 1") == 1


async def test_a_statement_that_fails_ends_those_after_it(store_address) -> None:
    def statements() -> Iterator[tuple[str, tuple[object, ...]]]:
        yield "select 1 / $1::integer", (0,)
        yield "create table never (made integer)", ()
        pytest.fail("went on after a failure")

    async with _two_connections(store_address.app) as (_, feeder):
        with pytest.raises(asyncpg.DivisionByZeroError):
            await feed(feeder, statements())

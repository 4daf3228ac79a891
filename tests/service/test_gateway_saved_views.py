"""Saved views in the gateway's tables: who finds them, and who may change them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from services.gateway.saved_views import MOST, SavedViews
from shared.database import open_pool
from shared.errors import NotFoundError, RejectedError
from shared.ids import Kind, RecordId
from shared.principal import Principal

HERE, THERE = RecordId.new(Kind.ORGANISATION), RecordId.new(Kind.ORGANISATION)


def person(name: str, organisation=HERE) -> Principal:
    return Principal(subject=f"user:{name}", organisation=organisation, client="session:1")


ANN, BEN, EVE = person("ann"), person("ben"), person("eve", THERE)


@dataclass(frozen=True)
class Book:
    views: SavedViews
    pool: asyncpg.Pool

    async def names(self, who: Principal) -> list[str]:
        return [one.name for one in await self.views.listed(who)]


@pytest.fixture(scope="module")
async def database(postgres) -> AsyncIterator[asyncpg.Pool]:
    made = await postgres.fresh("gateway")
    async with open_pool(made.url("gateway", "app"), connections=2) as pool:
        yield pool


@pytest.fixture
async def book(database: asyncpg.Pool) -> Book:
    await database.execute("delete from saved_views")
    return Book(SavedViews(database), database)


async def test_a_view_for_oneself_is_listed_to_nobody_else(book: Book) -> None:
    await book.views.save(ANN, "Mine", "/map", "me")
    assert [await book.names(who) for who in (ANN, BEN, EVE)] == [["Mine"], [], []]


async def test_a_view_for_the_organisation_is_listed_to_those_who_act_for_it(book: Book) -> None:
    await book.views.save(ANN, "Ours", "/map", "organisation")
    assert [await book.names(who) for who in (ANN, BEN, EVE)] == [["Ours"], ["Ours"], []]
    assert [view.mine for view in await book.views.listed(BEN)] == [False]


@pytest.mark.parametrize("who", [BEN, EVE])
async def test_nobody_else_may_change_a_view(book: Book, who: Principal) -> None:
    await book.views.save(ANN, "Ours", "/map", "organisation")
    [view] = await book.views.listed(ANN)
    with pytest.raises(NotFoundError):
        await book.views.rename(who, view.view_id, "Theirs")
    with pytest.raises(NotFoundError):
        await book.views.delete(who, view.view_id)
    assert await book.names(ANN) == ["Ours"]


async def test_one_begins_with_a_view_one_finds_and_with_no_other(book: Book) -> None:
    await book.views.save(ANN, "Ours", "/map", "organisation")
    [view] = await book.views.listed(ANN)
    await book.views.begin_with(BEN, view.view_id)
    assert [one.is_home for one in await book.views.listed(BEN)] == [True]
    assert [one.is_home for one in await book.views.listed(ANN)] == [False]
    with pytest.raises(NotFoundError):
        await book.views.begin_with(EVE, view.view_id)


async def test_deleting_a_view_sends_those_who_began_with_it_to_today(book: Book) -> None:
    await book.views.save(ANN, "Ours", "/map", "organisation")
    [view] = await book.views.listed(ANN)
    await book.views.begin_with(BEN, view.view_id)
    await book.views.delete(ANN, view.view_id)
    assert await book.pool.fetchval("select count(*) from home_views") == 0


async def test_one_person_keeps_only_so_many(book: Book) -> None:
    for number in range(MOST):
        await book.views.save(ANN, f"View {number:03}", "/map", "me")
    with pytest.raises(RejectedError):
        await book.views.save(ANN, "One more", "/map", "me")

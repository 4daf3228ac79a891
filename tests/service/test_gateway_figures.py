"""Totals are for administrators: to everybody else the gateway has no such address."""

from collections.abc import AsyncIterator

import pytest

from tests.service.gateway_world import World, run_world


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


async def test_figures_are_not_there_for_strangers_and_partners(world: World) -> None:
    for headers in ({}, await world.bearer("ann")):
        async with world.http.get("/metrics", headers=headers) as answer:
            assert answer.status == 404
            assert "parley_" not in await answer.text()


async def test_an_administrator_is_shown_figures(world: World) -> None:
    async with world.http.get("/metrics", headers=await world.bearer("officer")) as answer:
        assert answer.status == 200
        assert "parley_feed_subscribers 0" in await answer.text()

"""Replicas share projections: one runs each; others stand by, take over, and tell the truth meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from shared.ids import Kind
from tests.service.reporting_replica import replica
from tests.service.reporting_service import Service, served, surroundings
from tests.service.reporting_world import reader, registered

AGENCY = reader("un")
TAKEOVER_SECONDS = 10
PATIENCE_SECONDS = 20
LOOK_AGAIN_SECONDS = 0.05


@pytest.fixture
async def standing_by(
    postgres, nats, layout
) -> AsyncIterator[tuple[Service, asyncio.subprocess.Process]]:
    """A service beside a process that runs every projection."""
    async with (
        surroundings(postgres, nats, layout) as (world, settings, bus),
        replica(settings) as other,
        served(world, settings, bus) as service,
    ):
        yield service, other


async def _holders(service: Service) -> dict[str, str]:
    rows = await service.world.projector.fetch("select name, holder from leases")
    return {row["name"]: row["holder"] for row in rows}


async def _until_shown(service: Service, here: str) -> float:
    """Seconds until a reader who waits for `here` is answered."""
    began = time.monotonic()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await service.get("/records", AGENCY, Parley_At_Least=here)).status != 200:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return time.monotonic() - began


async def test_a_replica_that_stands_by_knows_what_others_project_and_takes_over_when_they_are_killed(
    standing_by: tuple[Service, asyncio.subprocess.Process],
) -> None:
    service, other = standing_by
    _, here = await service.appended(Kind.ORGANISATION, registered("Projected elsewhere"))
    await _until_shown(service, here)
    before = await _holders(service)
    other.kill()
    _, here = await service.appended(Kind.ORGANISATION, registered("Projected here"))
    assert await _until_shown(service, here) < TAKEOVER_SECONDS
    assert before["records/contacts"] != (await _holders(service))["records/contacts"]
    history = "select count(*) from g1.versions"
    assert await service.world.projector.fetchval(history) == 2

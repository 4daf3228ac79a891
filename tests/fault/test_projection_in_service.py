"""Faults of a running reporting service: a poison event, a change of generation, labels that lag."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from deploy.local.state import free_port
from services.reporting.app import create_app
from services.reporting.operating import Operating
from services.reporting.pruning import prune
from services.reporting.rebuilding import Wanted, rebuild
from shared.clock import held_at, utc_now
from shared.contracts.engagements import EngagementConfirmed
from shared.ids import Kind
from shared.parking import Skip
from tests.service.deciding_world import serving
from tests.service.reporting_service import Service, running_service
from tests.service.reporting_world import ALL, planned, reader, registered

AGENCY = reader("un")
PATIENCE_SECONDS = 20
LOOK_AGAIN_SECONDS = 0.05


@pytest.fixture
async def service(postgres, nats, layout) -> AsyncIterator[Service]:
    async with running_service(postgres, nats, layout) as opened:
        yield opened


async def _health(service: Service) -> dict[str, str]:
    async with service.line.http.get("/health/ready") as answer:
        checks: dict[str, str] = (await answer.json())["checks"]
        return checks


async def test_a_poison_event_parks_its_projection_and_no_other(service: Service) -> None:
    await service.appended(Kind.ENGAGEMENT, planned("Before", base=ALL))
    await service.world.poison()
    await _until_parked(service)
    _, here = await service.appended(Kind.ORGANISATION, registered("After"))
    listed = await service.get("/records", AGENCY, Parley_At_Least=here)
    assert {one["title"]["text"] for one in listed.json["items"]} == {"Before", "After"}
    assert (await _health(service))["labels"] == "ok"


async def _until_parked(service: Service) -> str:
    """What health then says."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await _health(service))["projections"] != "parked":
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
    reason: str = (await service.line.health()).json["reasons"]["projections"]
    return reason


async def test_a_parked_projection_passes_over_what_a_person_skips_without_a_restart(
    service: Service,
) -> None:
    position = await service.world.poison()
    _, here = await service.appended(Kind.ENGAGEMENT, planned("After", base=ALL))
    named = f"records/engagements stands before position {position}: engagement.planned.v1"
    assert (await _until_parked(service)).startswith(named)
    operating = Operating(service.world.projector)
    skip = Skip(position, "made by hand", by="operator")
    assert not await operating.skip("records/contacts", skip)
    assert await operating.skip("records/engagements", skip)
    listed = await _until_answered(service, "/records", here)
    assert [one["title"]["text"] for one in listed] == ["After"]
    overview = await operating.overview()
    assert [(row["position"], row["by_whom"]) for row in overview.skipped] == [(1, "operator")]
    assert (await _health(service))["projections"] == "ok"


async def test_a_rebuild_beside_a_running_service_takes_its_place_without_a_gap(
    service: Service,
) -> None:
    engagement, here = await service.appended(Kind.ENGAGEMENT, planned("Old", base=ALL))
    start = (await service.get("/changes", AGENCY, Parley_At_Least=here)).json["vector"]
    rebuilt = await rebuild(
        service.settings, lambda source, position, target: None, Wanted(swap=True)
    )
    assert rebuilt.equal
    _, here = await service.appended(engagement, EngagementConfirmed())
    [seen] = await _until_answered(service, f"/records?ids={engagement}", here)
    assert seen["status"] == "confirmed"
    told = await service.changes(AGENCY, start, Parley_At_Least=here)
    assert [change["what"] for change in told["changes"]] == ["upsert"]


async def test_two_projectors_of_one_stream_change_nothing_in_the_outcome(
    service: Service, layout
) -> None:
    second = create_app(service.settings.model_copy(update={"port": free_port()}))
    async with serving(second, free_port(), "reporting", layout.secrets):
        for number in range(20):
            _, here = await service.appended(Kind.ORGANISATION, registered(f"Twice {number}"))
        listed = await _until_answered(service, "/records?q=twice&page_size=100", here)
    assert len(listed) == 20
    history = "select count(*) from g1.versions"
    assert await service.world.projector.fetchval(history) == 20


async def _until_answered(service: Service, path: str, here: str) -> list[Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            answer = await service.get(path, AGENCY, Parley_At_Least=here)
            if answer.status == 200:
                return list(answer.json["items"])


async def test_nothing_is_shown_while_changes_of_labels_cannot_arrive(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.reporting.lag.BEHIND_SECONDS", 0.5)
    await service.appended(Kind.ENGAGEMENT, planned("Before", base=ALL))
    await service.world.poison("engagement.relabelled.v1")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await _health(service))["labels"] == "ok":
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
    answer = await service.get("/records", AGENCY)
    assert (answer.status, answer.json["code"]) == (503, "busy")


async def test_a_cursor_from_before_the_log_begins_is_answered_with_a_reset(
    service: Service,
) -> None:
    await service.appended(Kind.ORGANISATION, registered("Old"))
    _, here = await service.appended(Kind.ORGANISATION, registered("New"))
    start = {"contacts": [1, 1]}
    told = await service.changes(AGENCY, start, Parley_At_Least=here)
    assert (told["reset"], len(told["changes"])) == (False, 1)
    with held_at(utc_now() + timedelta(days=15)):
        await prune(service.world.projector)
    assert (await service.changes(AGENCY, start))["reset"] is True
    assert (await service.changes(AGENCY, told["vector"]))["reset"] is False

"""What a service shows of itself: figures to be asked for and to be told, its standing to administrators."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import web

from shared.http import create_service
from shared.metrics import Durations, Instrument, Point, Shape
from shared.metrics_otlp import as_otlp
from shared.metrics_text import as_text
from shared.principal_signing import Signer
from shared.roles import Role
from shared.settings import ServiceSettings
from shared.standing import ChainStanding, ProjectionStanding, Standing
from shared.telemetry import Telemetry, exporting
from tests.unit.serving import service as small
from tests.unit.serving.service import Service, lifespan, service_routes, serving, works

LAG = Instrument("parley.relay.lag", "{event}", Shape.LEVEL, "Events not relayed.")
TOLD_SECONDS = 10


async def how_it_stands() -> Standing:
    behind = ProjectionStanding("records", "contacts", 1, 7, 5, "8: engagement.planned.v1")
    return Standing(ChainStanding(1, 12, 2, "ok", audited=9), projections=(behind,))


@pytest.fixture
async def standing(settings: ServiceSettings, signer: Signer) -> AsyncIterator[Service]:
    app = create_service(
        settings, [service_routes()], lifespan, {"database": works}, observe=how_it_stands
    )
    async with serving(app, signer) as service:
        yield service


async def test_metrics_tell_chain_projections_and_checks(standing: Service) -> None:
    told = (await standing.call("GET", "/metrics")).body.decode().splitlines()
    assert "parley_chain_position 12" in told
    assert "parley_relay_lag 2" in told
    assert "parley_audit_position 9" in told
    assert 'parley_stream_state{state="ok"} 1' in told
    assert 'parley_projection_lag{projection="records",source="contacts"} 5' in told
    assert 'parley_projection_parked{projection="records",source="contacts"} 1' in told
    assert 'parley_check_ok{check="database"} 1' in told


async def test_requests_are_timed_by_route_and_never_by_path(standing: Service) -> None:
    await standing.call("GET", "/records/engagement_0190f2a0-0000-7000-8000-000000000001")
    told = (await standing.call("GET", "/metrics")).body.decode()
    assert 'http_route="/records/{record_id}"' in told
    assert "0190f2a0" not in told


async def test_the_standing_is_not_there_for_who_administers_nothing(standing: Service) -> None:
    assert (await standing.call("GET", "/internal/status")).status == 404


async def test_an_administrator_sees_the_standing_and_health(
    standing: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = frozenset({Role.ACCESS_ADMINISTRATOR})
    monkeypatch.setattr(small, "OFFICER", replace(small.OFFICER, roles=roles))
    told = (await standing.call("GET", "/internal/status")).json
    assert told["health"]["status"] == "ready"
    assert told["chain"]["lag"] == 2
    assert told["projections"][0]["parked"] == "8: engagement.planned.v1"


async def test_a_collector_is_told_over_otlp() -> None:
    heard: asyncio.Queue[dict[str, object]] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await heard.put(await request.json())
        return web.json_response({})

    collector = web.Application()
    collector.router.add_post("/v1/metrics", take)
    runner = web.AppRunner(collector, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        telemetry = Telemetry({"bus": works}, {"service.name": "contacts"}, how_it_stands)
        port = runner.addresses[0][1]
        async with exporting(telemetry, f"http://127.0.0.1:{port}"):
            async with asyncio.timeout(TOLD_SECONDS):
                told = str(await heard.get())
    finally:
        await runner.cleanup()
    assert "parley.chain.position" in told
    assert "{'key': 'service.name', 'value': {'stringValue': 'contacts'}}" in told


def test_a_duration_counts_in_its_bound_and_in_all_above() -> None:
    durations = Durations()
    durations.add("GET", "/who", 200, 0.2)
    told = as_text(durations.points()).splitlines()
    named = 'http_request_method="GET",http_route="/who",http_response_status_code="200"'
    bucket = "http_server_request_duration_seconds_bucket"
    assert f'{bucket}{{{named},le="0.1"}} 0' in told
    assert f'{bucket}{{{named},le="0.25"}} 1' in told
    assert f'{bucket}{{{named},le="+Inf"}} 1' in told


def test_a_long_history_is_told_to_the_last_event() -> None:
    assert as_text([Point(LAG, 123_456_789)]).splitlines()[-1] == "parley_relay_lag 123456789"


def test_a_label_cannot_break_out_of_its_quotes() -> None:
    assert as_text([Point(LAG, 1, {"source": 'a"b\n'})]).splitlines()[-1].endswith('"a\\"b\\n"} 1')


def test_a_total_is_told_as_growing_since_the_process_began() -> None:
    total = Instrument("parley.append.appends", "{append}", Shape.TOTAL, "Appends.")
    [told] = as_otlp([Point(total, 3)], {}, 1, 2)["resourceMetrics"][0]["scopeMetrics"][0][
        "metrics"
    ]
    assert told["sum"]["isMonotonic"]
    assert told["sum"]["dataPoints"][0]["startTimeUnixNano"] == "1"

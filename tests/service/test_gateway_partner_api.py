"""The partner API at its edges: what leaves, what is passed on, and what must look alike."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest
from yarl import URL

from tests.service.gateway_calls import BODY, call, keyed
from tests.service.gateway_edge import Held
from tests.service.gateway_world import World, run_world

ABSENT = "engagement_00000000000000000000000000"


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


@pytest.fixture
async def ann(world: World) -> AsyncIterator[dict[str, str]]:
    yield await world.bearer("ann")
    assert world.services.vouched


async def test_a_record_leaves_without_the_services_own_numbers(world: World, ann) -> None:
    held = world.services.hold("engagement", "talks")
    answer, body = await call(world, "GET", f"/v1/engagements/{held.id}", ann)
    assert answer.status == 200
    assert not {"view_version", "source_version"} & body.keys()
    assert answer.headers["ETag"] == f'"{body["version"]}"'


async def test_what_has_not_changed_is_not_sent_again(world: World, ann) -> None:
    held = world.services.hold("engagement", "talks")
    first, _ = await call(world, "GET", f"/v1/engagements/{held.id}", ann)
    headers = ann | {"If-None-Match": first.headers["ETag"]}
    again, body = await call(world, "GET", f"/v1/engagements/{held.id}", headers)
    assert (again.status, body) == (304, {})


async def test_a_write_answers_id_version_and_sealed_position(world: World, ann) -> None:
    answer, body = await call(world, "POST", "/v1/engagements", keyed(ann), BODY)
    assert answer.status == 201
    assert {"id", "version", "position"} <= body.keys()
    assert answer.headers["Location"] == f"/v1/engagements/{body['id']}"
    read, _ = await call(world, "GET", answer.headers["Location"], ann)
    assert read.headers["ETag"] == answer.headers["ETag"] == f'"{body["version"]}"'


async def test_a_read_waits_for_the_clients_own_last_write(world: World, ann) -> None:
    await call(world, "POST", "/v1/engagements", keyed(ann), BODY)
    position = len(world.services.changes)
    await call(world, "GET", "/v1/records", ann)
    told = world.services.heard[-1].headers["Parley-At-Least"]
    assert f"engagements=1:{position}" in told


async def test_a_write_waits_for_the_clients_own_last_write(world: World, ann) -> None:
    """Elsewhere: it may refer to what was written there a moment ago."""
    await call(world, "POST", "/v1/organisations", keyed(ann), {"name": "Invented Relief"})
    position = len(world.services.changes)
    await call(world, "POST", "/v1/engagements", keyed(ann), BODY)
    told = world.services.heard[-1].headers["Parley-At-Least"]
    assert f"contacts=1:{position}" in told


async def test_a_read_waits_for_the_position_it_names(world: World, ann) -> None:
    _, body = await call(world, "POST", "/v1/engagements", keyed(ann), BODY)
    position = len(world.services.changes)
    params = {"at_least": body["position"]}
    answer, _ = await call(world, "GET", "/v1/engagements", ann, params=params)
    assert answer.status == 200
    assert world.services.heard[-1].headers["Parley-At-Least"].endswith(f"engagements=1:{position}")


async def test_one_callers_position_means_nothing_to_another(world: World, ann) -> None:
    _, body = await call(world, "POST", "/v1/engagements", keyed(ann), BODY)
    params = {"at_least": body["position"]}
    answer, _ = await call(world, "GET", "/v1/records", await world.bearer("ben"), params=params)
    assert answer.status == 400


async def test_a_write_without_a_key_is_refused_and_not_passed_on(world: World, ann) -> None:
    heard = len(world.services.heard)
    answer, body = await call(world, "POST", "/v1/engagements", ann, BODY)
    assert (answer.status, body["code"]) == (400, "idempotency_key_required")
    assert len(world.services.heard) == heard


async def test_a_repeated_write_says_so(world: World, ann) -> None:
    headers = keyed(ann)
    _, first = await call(world, "POST", "/v1/engagements", headers, BODY)
    answer, again = await call(world, "POST", "/v1/engagements", headers, BODY)
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert (again["id"], again["version"]) == (first["id"], first["version"])


async def test_a_broken_connection_is_tried_once_more(world: World, ann) -> None:
    world.services.hang_up_once = True
    answer, _ = await call(world, "POST", "/v1/engagements", keyed(ann), BODY)
    assert answer.status == 201


async def test_a_service_that_is_down_is_named(world: World, ann) -> None:
    world.services.down = {"engagements"}
    try:
        answer, body = await call(world, "POST", "/v1/engagements", keyed(ann), BODY)
    finally:
        world.services.down = set()
    assert (answer.status, body["code"]) == (503, "part_unavailable")
    assert "engagements" in body["detail"]
    assert answer.headers["Retry-After"] == "1"


async def test_a_services_problem_is_passed_on_under_our_address(world: World, ann) -> None:
    answer, body = await call(world, "POST", "/v1/engagements", keyed(ann), {"wrong": 1})
    assert (answer.status, body["errors"][0]["pointer"]) == (422, "/wrong")
    assert (body["instance"], body["request_id"] != "inside") == ("/v1/engagements", True)


async def test_validating_only_makes_nothing(world: World, ann) -> None:
    params = {"validate_only": "true"}
    answer, body = await call(world, "POST", "/v1/engagements", keyed(ann), BODY, params=params)
    assert (answer.status, body) == (200, {"outcome": "created", "validated": True})


async def test_amending_needs_the_version_last_seen(world: World, ann) -> None:
    held = world.services.hold("engagement", "talks")
    path = f"/v1/engagements/{held.id}/amend"
    answer, _ = await call(world, "POST", path, keyed(ann), BODY)
    assert answer.status == 428


async def test_amending_what_has_changed_since_is_refused(world: World, ann) -> None:
    held = world.services.hold("engagement", "talks")
    read, _ = await call(world, "GET", f"/v1/engagements/{held.id}", ann)
    held.view_version = held.source_version = 2
    headers = keyed(ann) | {"If-Match": read.headers["ETag"]}
    answer, _ = await call(world, "POST", f"/v1/engagements/{held.id}/amend", headers, BODY)
    assert (answer.status, held.source_version) == (412, 2)


async def test_a_hidden_change_causes_no_refusal(world: World, ann) -> None:
    held = world.services.hold("engagement", "talks", withheld=("source",))
    read, _ = await call(world, "GET", f"/v1/engagements/{held.id}", ann)
    held.source_version = 5
    headers = keyed(ann) | {"If-Match": read.headers["ETag"]}
    answer, _ = await call(world, "POST", f"/v1/engagements/{held.id}/amend", headers, BODY)
    assert (answer.status, held.source_version) == (200, 6)


async def test_an_amendment_repeated_after_a_lost_answer_is_not_refused(world: World, ann) -> None:
    held = world.services.hold("engagement", "talks")
    read, _ = await call(world, "GET", f"/v1/engagements/{held.id}", ann)
    headers = keyed(ann) | {"If-Match": read.headers["ETag"]}
    path = f"/v1/engagements/{held.id}/amend"
    _, first = await call(world, "POST", path, headers, BODY)
    again, body = await call(world, "POST", path, headers, BODY)
    assert (again.status, body["version"]) == (200, first["version"])


@pytest.mark.parametrize(
    ("method", "tail"),
    [
        ("GET", ""),
        ("POST", "/confirm"),
        ("POST", "/amend"),
        ("POST", "/no-such-verb"),
        ("DELETE", ""),
    ],
)
async def test_hidden_answers_as_absent(world: World, ann, method: str, tail: str) -> None:
    hidden = world.services.hold("engagement", "secret", readers={"nobody"})
    told = [await _told(world, ann, method, each, tail) for each in (hidden.id, ABSENT)]
    assert told[0] == told[1]


async def _told(world: World, ann: Any, method: str, record_id: str, tail: str) -> str:
    path = f"/v1/engagements/{record_id}{tail}"
    headers = keyed(ann, f"key {path}") | {"If-Match": '"x"'}
    answer, body = await call(world, method, path, headers, {})
    body.pop("request_id")
    kept = sorted(
        (k, v) for k, v in answer.headers.items() if k.lower() not in ("date", "ratelimit")
    )
    return str((answer.status, body, kept)).replace(record_id, "ID")


async def test_an_id_of_another_kind_is_not_there(world: World, ann) -> None:
    held = world.services.hold("organisation", "an agency")
    answer, _ = await call(world, "GET", f"/v1/engagements/{held.id}", ann)
    assert answer.status == 404


@pytest.mark.parametrize("external_id", ["a/b", "a%2Fb", "ä ö", "x?y#z"])
async def test_an_external_id_is_passed_on_byte_for_byte(
    world: World, ann, external_id: str
) -> None:
    tail = f"/v1/organisations/external/hdx/{quote(external_id, safe='')}"
    url = URL(world.url + tail, encoded=True)
    async with world.http.put(url, headers=ann, json={"name": "x"}):
        pass
    assert world.services.heard[-1].path.endswith(f"/hdx/{quote(external_id, safe='')}")


async def test_each_item_of_a_batch_is_answered_alone(world: World, ann) -> None:
    items = [
        {"key": "one", "action": "create", "body": BODY},
        {"key": "two", "action": "confirm", "id": ABSENT, "body": {}},
    ]
    answer, body = await call(world, "POST", "/v1/engagements/batch", keyed(ann), {"items": items})
    assert answer.status == 200
    assert [item["status"] for item in body["items"]] == [201, 404]
    assert {"id", "version", "position"} <= body["items"][0].keys()
    assert not {"epoch", "readable"} & body["items"][0].keys()


async def test_only_the_loader_sets_the_scenarios_time(world: World, ann) -> None:
    moment = {"Parley-Scenario-Time": "2026-01-02T03:04:05+00:00"}
    refused, _ = await call(world, "POST", "/v1/engagements", keyed(ann) | moment, BODY)
    loader = keyed(await world.bearer("loader")) | moment
    taken, _ = await call(world, "POST", "/v1/engagements", loader, BODY)
    assert (refused.status, taken.status) == (403, 201)
    assert str(world.services.heard[-1].principal.scenario_time) == "2026-01-02 03:04:05+00:00"


async def test_a_body_over_a_mebibyte_is_refused(world: World, ann) -> None:
    body = io.BytesIO(b"x" * (1024 * 1024 + 1))
    answer, _ = await call(world, "POST", "/v1/engagements", keyed(ann), data=body)
    assert answer.status == 413


async def test_the_trace_goes_along(world: World, ann) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = ann | {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    await call(world, "GET", "/v1/records", headers)
    assert world.services.heard[-1].headers["traceparent"].split("-")[1] == trace_id


async def test_two_amendments_at_once_leave_one_refused(world: World, ann) -> None:
    held: Held = world.services.hold("engagement", "talks")
    read, _ = await call(world, "GET", f"/v1/engagements/{held.id}", ann)
    match = {"If-Match": read.headers["ETag"]}
    path = f"/v1/engagements/{held.id}/amend"
    told = await asyncio.gather(
        *(call(world, "POST", path, keyed(ann) | match, BODY) for _ in range(2))
    )
    assert sorted(answer.status for answer, _ in told) == [200, 412]


async def test_the_documents_fetch_nothing_from_outside(world: World) -> None:
    async with world.http.get("/docs") as page, world.http.get("/openapi.json") as document:
        html, api = await page.text(), await document.json()
    assert (page.status, api["openapi"]) == (200, "3.1.0")
    assert "cattle corridor" in html.lower()
    assert 'src="http' not in html
    assert 'href="http' not in html


async def test_what_reporting_shows_by_mistake_still_does_not_leave(world: World, ann) -> None:
    held = world.services.hold("place", "a slip", level="strictly_confidential")
    one, _ = await call(world, "GET", f"/v1/places/{held.id}", ann)
    _, page = await call(world, "GET", "/v1/places?page_size=500", ann)
    assert one.status == 404
    assert held.id not in {item["id"] for item in page["items"]}

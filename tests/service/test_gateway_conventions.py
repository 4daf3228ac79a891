"""The conventions of the API, each on every kind: whoever has learnt one kind knows them all."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.gateway.partner_api.deprecation import Deprecation
from services.gateway.partner_api.kinds import KINDS, KindApi
from services.gateway.rate_limits import Buckets
from shared.http_edge import BODY_LIMIT_BYTES, DEPTH_LIMIT
from shared.ids import RecordId
from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World, run_world

every_kind = pytest.mark.parametrize("api", KINDS, ids=[api.plural for api in KINDS])


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


@pytest.fixture
async def ann(world: World) -> dict[str, str]:
    world.app.state.buckets = Buckets(10_000)
    world.services.records.clear()
    return await world.bearer("ann")


def held(world: World, api: KindApi) -> Any:
    return world.services.hold(api.kind.value, "held")


def unsafe(api: KindApi) -> str:
    """A verb that replaces what stands there, or any if there is none."""
    return next(name for name, verb in api.verbs.items() if verb.unsafe)


@every_kind
async def test_a_list_is_full_pages_with_a_link_to_the_next(world, ann, api: KindApi) -> None:
    for _ in range(3):
        held(world, api)
    answer, page = await call(world, "GET", f"/v1/{api.plural}?page_size=2&count=true", ann)
    following = answer.headers["Link"].partition(">")[0].removeprefix("<")
    _, rest = await call(world, "GET", following, ann)
    assert answer.headers["Link"].endswith('; rel="next"')
    assert (len(page["items"]), page["count"]) == (2, 3)
    assert (len(rest["items"]), rest["next_cursor"]) == (1, None)


@every_kind
async def test_fields_are_chosen_and_a_misspelt_one_is_named(world, ann, api: KindApi) -> None:
    one = held(world, api)
    path = f"/v1/{api.plural}/{one.id}"
    _, shown = await call(world, "GET", f"{path}?fields=status", ann)
    wrong, problem = await call(world, "GET", f"{path}?fields=statsu", ann)
    assert "status" in shown
    assert not {"title", "owner", "group_labels"} & shown.keys()
    assert (wrong.status, problem["errors"][0]["pointer"]) == (400, "?fields")


@every_kind
@pytest.mark.parametrize(
    "query",
    ["page_size=501", "page_size=0", "colour=red", "cursor=made-up", "count=perhaps", "party="],
)
async def test_a_wrong_query_is_named(world, ann, api: KindApi, query: str) -> None:
    answer, problem = await call(world, "GET", f"/v1/{api.plural}?{query}", ann)
    assert answer.status == 400
    assert answer.content_type == "application/problem+json"
    assert problem["code"] == "malformed"


@every_kind
async def test_a_cursor_belongs_to_its_query_and_its_caller(world, ann, api: KindApi) -> None:
    for _ in range(2):
        held(world, api)
    _, page = await call(world, "GET", f"/v1/{api.plural}?page_size=1", ann)
    query = f"?page_size=1&cursor={page['next_cursor']}"
    other, _ = await call(world, "GET", f"/v1/{api.plural}{query}&q=else", ann)
    stranger, _ = await call(world, "GET", f"/v1/{api.plural}{query}", await world.bearer("ben"))
    assert (other.status, stranger.status) == (400, 400)


@every_kind
async def test_what_has_not_changed_is_not_sent_again(world, ann, api: KindApi) -> None:
    path = f"/v1/{api.plural}/{held(world, api).id}"
    first, _ = await call(world, "GET", path, ann)
    again, body = await call(world, "GET", path, ann | {"If-None-Match": first.headers["ETag"]})
    assert (again.status, body) == (304, {})


@every_kind
async def test_an_unsafe_change_asks_for_the_version_last_seen(world, ann, api: KindApi) -> None:
    path = f"/v1/{api.plural}/{held(world, api).id}"
    tag = (await call(world, "GET", path, ann))[0].headers["ETag"]
    sent = [keyed(ann), keyed(ann) | {"If-Match": '"stale"'}, keyed(ann) | {"If-Match": tag}]
    answers = [await call(world, "POST", f"{path}/{unsafe(api)}", one, {}) for one in sent]
    assert [answer.status for answer, _ in answers] == [428, 412, 200]


@every_kind
async def test_a_post_needs_a_key_and_repeats_its_answer(world, ann, api: KindApi) -> None:
    path, key = f"/v1/{api.plural}", uuid4().hex
    without, problem = await call(world, "POST", path, ann, {})
    _, first = await call(world, "POST", path, keyed(ann, key), {})
    again, second = await call(world, "POST", path, keyed(ann, key), {})
    assert (without.status, problem["code"]) == (400, "idempotency_key_required")
    assert (first["id"], first["version"]) == (second["id"], second["version"])
    assert again.headers["Idempotency-Replayed"] == "true"


@every_kind
async def test_validate_only_writes_nothing(world, ann, api: KindApi) -> None:
    before = len(world.services.records)
    path = f"/v1/{api.plural}?validate_only=true"
    answer, told = await call(world, "POST", path, keyed(ann), {})
    assert (answer.status, told["validated"]) == (200, True)
    assert len(world.services.records) == before


@every_kind
async def test_bodies_too_large_or_too_deep_are_refused(world, ann, api: KindApi) -> None:
    path, headers = f"/v1/{api.plural}", keyed(ann)
    too_much = io.BytesIO(b'"' + b"x" * BODY_LIMIT_BYTES + b'"')
    large, _ = await call(world, "POST", path, headers, data=too_much)
    deep: Any = "x"
    for _ in range(DEPTH_LIMIT + 1):
        deep = [deep]
    nested, _ = await call(world, "POST", path, headers, deep)
    assert (large.status, nested.status) == (413, 400)


@every_kind
async def test_hidden_and_absent_answer_alike(world, ann, api: KindApi) -> None:
    hidden = world.services.hold(api.kind.value, "hidden", readers={"nobody"}).id
    absent = str(RecordId.new(api.kind))
    for path, method in (("", "GET"), (f"/{unsafe(api)}", "POST")):
        told = [
            await call(world, method, f"/v1/{api.plural}/{one}{path}", keyed(ann), None)
            for one in (hidden, absent)
        ]
        bodies = [
            {k: v for k, v in body.items() if k not in ("instance", "request_id")}
            for _, body in told
        ]
        assert {answer.status for answer, _ in told} <= {404, 400}
        assert bodies[0] == bodies[1]


@every_kind
async def test_every_answer_says_what_is_left_to_ask(world, ann, api: KindApi) -> None:
    world.app.state.buckets = Buckets(3)
    answers = [(await call(world, "GET", f"/v1/{api.plural}", ann))[0] for _ in range(4)]
    left = [answer.headers["RateLimit"].partition(";t=")[0] for answer in answers]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert left == ['"client";r=2', '"client";r=1', '"client";r=0', '"client";r=0']
    assert answers[0].headers["RateLimit-Policy"] == '"client";q=3;w=60'
    assert answers[3].headers["Retry-After"] == "20"


async def test_one_clients_haste_is_nobody_elses(world, ann) -> None:
    world.app.state.buckets = Buckets(1)
    ben = await world.bearer("ben")
    statuses = [
        (await call(world, "GET", "/v1/records", headers))[0].status for headers in (ann, ann, ben)
    ]
    assert statuses == [200, 429, 200]


def test_a_bucket_fills_steadily_up_to_its_brim() -> None:
    buckets = Buckets(60)
    for _ in range(60):
        assert buckets.take("c", 0.0)[1]
    assert not buckets.take("c", 0.5)[1]
    assert buckets.take("c", 2.5)[1]
    assert buckets.take("c", 1_000.0)[0].remaining == 59


async def test_a_verb_on_its_way_out_says_so(world, ann, monkeypatch) -> None:
    api = KINDS[0]
    leaving = Deprecation(
        datetime(2030, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC), "/docs#retire"
    )
    monkeypatch.setitem(api.verbs, "retire", replace(api.verbs["retire"], deprecated=leaving))
    path = f"/v1/{api.plural}/{held(world, api).id}/retire"
    answer, _ = await call(world, "POST", path, keyed(ann), {})
    assert answer.headers["Deprecation"] == "@1893456000"
    assert answer.headers["Sunset"] == "Wed, 01 Jan 2031 00:00:00 GMT"
    assert answer.headers["Link"] == '</docs#retire>; rel="deprecation"'

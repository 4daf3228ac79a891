"""Files that were only checked: for what each column is taken, and written without being sent again."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.service.gateway_calls import BODY, call, keyed
from tests.service.gateway_world import World, run_world
from tests.service.job_calls import CSV, NDJSON, ended, imported, items, rows


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


@pytest.fixture
async def ann(world: World) -> AsyncIterator[dict[str, str]]:
    yield await world.bearer("ann")
    await world.sql("delete from jobs")


async def written(world: World, headers: Any, job: Any) -> tuple[Any, Any]:
    """What was only checked, asked to be written."""
    return await call(world, "POST", f"/v1/jobs/{job['id']}/import", keyed(headers))


async def test_what_was_only_checked_is_written_without_being_sent_again(world: World, ann) -> None:
    content = "external_id,purpose,type,starts_at,colour\n" + "".join(
        f"a-{n},talks {n},routine_liaison,2030-01-02T09:00:00Z,blue\n" for n in range(450)
    )
    job = await imported(world, ann, "engagements", content, CSV, system="c2", validate_only="true")
    checked = len(items(world))
    answer, told = await written(world, ann, job)
    done = await ended(world, ann, told["id"])
    sent_anew = items(world)[checked:]
    assert (job["checked_only"], done["checked_only"]) == (True, False)
    assert (answer.status, answer.headers["Location"]) == (202, f"/v1/jobs/{done['id']}")
    assert done["progress"] == {"rows": 450, "total": 450, "accepted": 450, "rejected": 0}
    assert [one["external_id"] for one in sent_anew] == [f"a-{n}" for n in range(450)]
    assert done["columns"][:2] == [
        {"column": "external_id", "field": "external_id"},
        {"column": "purpose", "field": "purpose"},
    ]
    assert (done["columns"], done["unused_columns"]) == (job["columns"], ["colour"])


async def test_asking_twice_with_one_key_writes_once(world: World, ann) -> None:
    job = await imported(world, ann, "engagements", rows(BODY), NDJSON, validate_only="true")
    headers, path = keyed(ann), f"/v1/jobs/{job['id']}/import"
    _, first = await call(world, "POST", path, headers)
    await ended(world, ann, first["id"])
    answer, again = await call(world, "POST", path, headers)
    assert (answer.headers["Idempotency-Replayed"], again["id"]) == ("true", first["id"])


async def test_only_what_was_checked_whole_is_written_so(world: World, ann) -> None:
    """Nor another's, of which nobody hears."""
    plain = await imported(world, ann, "engagements", rows(BODY), NDJSON)
    checked = await imported(world, ann, "engagements", rows(BODY), NDJSON, validate_only="true")
    refused_one, problem = await written(world, ann, plain)
    ben, hidden = await written(world, await world.bearer("ben"), checked)
    assert (refused_one.status, problem["code"]) == (409, "no_check")
    assert (ben.status, hidden["code"]) == (404, "not_found")
    await call(world, "DELETE", f"/v1/jobs/{checked['id']}", ann)
    gone, _ = await written(world, ann, checked)
    assert gone.status == 404


async def test_rows_of_a_check_lie_sealed_and_go_with_it(world: World, ann) -> None:
    job = await imported(world, ann, "engagements", rows(BODY), NDJSON, validate_only="true")
    pool, count = world.app.state.gateway.pool, "select count(*) from job_parts where job_id = $1"
    raw = "select content from job_parts where job_id = $1"
    assert BODY["purpose"].encode() not in await pool.fetchval(raw, job["id"])
    await call(world, "DELETE", f"/v1/jobs/{job['id']}", ann)
    assert await pool.fetchval(count, job["id"]) == 0

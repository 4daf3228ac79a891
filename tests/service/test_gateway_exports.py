"""Exports: found out page by page, read when they are fetched, marked as the highest of what they hold."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from services.gateway.access.client_commands import ReinstateClient, SuspendClient
from services.gateway.access.provisioning import WHY
from services.gateway.jobs import exporting, store
from tests.service.gateway_calls import call, keyed
from tests.service.gateway_edge import Held
from tests.service.gateway_world import World, run_replica, run_world
from tests.service.job_calls import ended, exported, fetched, lines_of, read

ABSENT = "0" * 32
ALL = [["all"]]


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


@pytest.fixture
async def ann(world: World) -> AsyncIterator[dict[str, str]]:
    world.services.records.clear()
    yield await world.bearer("ann")
    assert world.services.vouched
    await world.sql("delete from jobs")


@dataclass
class Rising(Held):
    """Its level is another from the view numbered `at` on."""

    at: int = 1
    to: str = "confidential"
    shown: int = 0

    def view(self) -> dict[str, Any]:
        self.shown += 1
        if self.shown >= self.at:
            self.level = self.to
        return super().view()


async def ordered(world: World, name: str, what: Any) -> None:
    await world.order(name, what)
    world.app.state.gateway.roll.forget()


async def test_a_file_holds_what_the_list_holds_marked_as_its_highest(world: World, ann) -> None:
    for title, level in (("talks", "public"), ("more talks", "confidential"), ("others", "public")):
        world.services.hold("engagement", title, level=level)
    world.services.hold("place", "Malakal")
    job = await exported(world, ann, "engagements")
    answer, text = await fetched(world, ann, job)
    head, records = lines_of(text)
    _, listed = await call(world, "GET", "/v1/engagements", ann)
    assert (job["state"], job["progress"]["rows"]) == ("done", 3)
    assert records == listed["items"]
    assert head["marking"] == "CONFIDENTIAL // RELEASABLE TO: everybody"
    assert head["label"] == {"level": "confidential", "releasable_to": ALL, "caveats": []}
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert "-confidential.ndjson" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_what_is_no_longer_readable_when_it_is_fetched_is_not_in_it(
    world: World, ann
) -> None:
    gone = world.services.hold("engagement", "gone by then", level="confidential")
    stays = world.services.hold("engagement", "stays")
    job = await exported(world, ann, "engagements")
    gone.readers = set()
    head, records = lines_of((await fetched(world, ann, job))[1])
    assert [record["id"] for record in records] == [stays.id]
    assert head["marking"].startswith("PUBLIC")


async def test_the_file_of_a_table_says_its_marking_in_its_first_line(world: World, ann) -> None:
    world.services.hold("organisation", "Relief", level="confidential")
    job = await exported(world, ann, "organisations", format="hxl")
    answer, text = await fetched(world, ann, job)
    marking, names, tags, record = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert marking == ["CONFIDENTIAL // RELEASABLE TO: everybody"]
    assert dict(zip(names, tags, strict=True))["name"] == "#org+name"
    assert dict(zip(names, record, strict=True))["label"] == marking[0]
    assert "-confidential.csv" in answer.headers["Content-Disposition"]


async def test_a_label_raised_while_it_is_sent_breaks_the_file_off(world: World, ann) -> None:
    rising = Rising("engagement_" + "1" * 26, "engagement", "rising", at=10**6)
    world.services.records[rising.id] = rising
    job = await exported(world, ann, "engagements")
    rising.shown, rising.at = 0, 2
    with pytest.raises(aiohttp.ClientPayloadError):
        await fetched(world, ann, job)
    assert lines_of((await fetched(world, ann, job))[1])[0]["label"]["level"] == "confidential"


async def test_what_its_originator_controls_goes_out_only_with_his_own_people(
    world: World, ann
) -> None:
    home = world.people["ben"]["organisation_id"]
    controlled = {"originator": home, "originator_control": True}
    world.services.hold("engagement", "controlled", more={"marked": controlled})
    own = world.services.hold("engagement", "free")
    job = await exported(world, ann, "engagements")
    head, records = lines_of((await fetched(world, ann, job))[1])
    ben = await world.bearer("ben")
    theirs = lines_of((await fetched(world, ben, await exported(world, ben, "engagements")))[1])
    assert ([one["id"] for one in records], head["left_out"]) == ([own.id], 1)
    assert (len(theirs[1]), theirs[0]["left_out"]) == (2, 0)


async def test_who_fetched_what_is_in_the_read_log(world: World, ann) -> None:
    home = world.people["ann"]["organisation_id"]
    record = world.services.hold("engagement", "noted", level="confidential", owner=home)
    await fetched(world, ann, await exported(world, ann, "engagements"))
    async with asyncio.timeout(5):
        while True:
            _, told = await call(world, "GET", f"/v1/records/{record.id}/reads", ann)
            if told["items"]:
                break
            await asyncio.sleep(0.05)
    assert [one["way"] for one in told["items"]] == ["file"]


@pytest.mark.parametrize(
    ("method", "part"),
    [("GET", ""), ("GET", "/file"), ("GET", "/rejected"), ("POST", "/cancel"), ("DELETE", "")],
)
async def test_anothers_job_is_answered_as_one_that_never_was(
    world: World, ann, method: str, part: str
) -> None:
    job, ben = await exported(world, ann, "engagements"), keyed(await world.bearer("ben"))
    theirs, hidden = await call(world, method, f"/v1/jobs/{job['id']}{part}", ben)
    none, absent = await call(world, method, f"/v1/jobs/{ABSENT}{part}", ben)
    told = [{**one, "instance": "", "request_id": ""} for one in (hidden, absent)]
    assert (theirs.status, told[0]) == (none.status, told[1]) == (404, told[1])
    assert (await read(world, ann, job["id"]))["state"] == "done"


async def test_cancelling_what_is_done_changes_nothing(world: World, ann) -> None:
    world.services.hold("engagement", "stays in the file")
    job = await exported(world, ann, "engagements")
    answer, told = await call(world, "POST", f"/v1/jobs/{job['id']}/cancel", keyed(ann))
    assert (answer.status, told) == (200, job)
    assert len(lines_of((await fetched(world, ann, job))[1])[1]) == 1


async def test_the_same_request_again_is_the_same_job_and_another_is_refused(
    world: World, ann
) -> None:
    headers = keyed(ann)
    first, job = await call(world, "POST", "/v1/engagements/export", headers)
    again, same = await call(world, "POST", "/v1/engagements/export", headers)
    params = {"format": "csv"}
    other, problem = await call(world, "POST", "/v1/engagements/export", headers, params=params)
    assert first.headers["Location"] == f"/v1/jobs/{job['id']}"
    assert (again.headers["Idempotency-Replayed"], same["id"]) == ("true", job["id"])
    assert (other.status, problem["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("query", ["colour=blue", "format=pdf", "format=hxl", "fields=colour"])
async def test_a_wrong_query_is_named(world: World, ann, query: str) -> None:
    answer, problem = await call(world, "POST", f"/v1/engagements/export?{query}", keyed(ann))
    assert (answer.status, problem["errors"][0]["pointer"][0]) == (400, "?")


async def test_a_caller_has_so_many_jobs_under_way_and_no_more(
    world: World, ann, monkeypatch
) -> None:
    monkeypatch.setattr(store, "MOST_OPEN", 0)
    answer, problem = await call(world, "POST", "/v1/engagements/export", keyed(ann))
    assert (answer.status, problem["code"]) == (429, "too_many_jobs")
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_caller_keeps_so_many_jobs_and_no_more(world: World, ann, monkeypatch) -> None:
    await exported(world, ann, "engagements")
    monkeypatch.setattr(store, "MOST_KEPT", 1)
    answer, problem = await call(world, "POST", "/v1/engagements/export", keyed(ann))
    _, listed = await call(world, "GET", "/v1/jobs", ann)
    gone, _ = await call(world, "DELETE", f"/v1/jobs/{listed['items'][0]['id']}", ann)
    assert (answer.status, problem["code"], gone.status) == (409, "too_many_jobs", 204)
    await exported(world, ann, "engagements")


async def test_more_than_a_file_may_hold_is_told_and_nothing_is_kept(
    world: World, ann, monkeypatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE_SIZE", 1)
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    for title in ("one", "two", "three"):
        world.services.hold("engagement", title)
    job = await exported(world, ann, "engagements")
    answer, problem = await call(world, "GET", f"/v1/jobs/{job['id']}/file", ann)
    assert (job["state"], job["why"], job["file"]) == ("stopped", "too_many", None)
    assert (answer.status, problem["code"]) == (409, "not_done")


async def test_a_job_stops_when_its_caller_is_no_longer_let_in(
    world: World, ann, monkeypatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE_SIZE", 1)
    for number in range(2_000):
        world.services.hold("engagement", str(number))
    _, job = await call(world, "POST", "/v1/engagements/export", keyed(ann))
    await ordered(world, "ann-client", SuspendClient(WHY))
    try:
        async with asyncio.timeout(5):
            while await state_of(world, job["id"]) != "stopped":
                await asyncio.sleep(0.05)
    finally:
        await ordered(world, "ann-client", ReinstateClient(WHY))
    assert (await read(world, ann, job["id"]))["why"] == "revoked"


async def state_of(world: World, job_id: str) -> str:
    pool = world.app.state.gateway.pool
    return str(await pool.fetchval("select state from jobs where job_id = $1", job_id))


async def test_two_replicas_find_every_record_once(world: World, ann, monkeypatch) -> None:
    monkeypatch.setattr(exporting, "PAGE_SIZE", 7)
    held = {world.services.hold("engagement", str(number)).id for number in range(100)}
    async with run_replica(world):
        jobs = [
            (await call(world, "POST", "/v1/engagements/export", keyed(ann)))[1]["id"]
            for _ in range(3)
        ]
        done = [await ended(world, ann, job) for job in jobs]
    for job in done:
        _, records = lines_of((await fetched(world, ann, job))[1])
        assert (len(records), {record["id"] for record in records}) == (100, held)

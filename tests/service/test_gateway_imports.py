"""Imports: rows written as a batch would, each once whatever breaks off, each refusal with its reason."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from services.gateway.access.client_commands import ReinstateClient, SuspendClient
from services.gateway.access.provisioning import WHY
from services.gateway.jobs import receiving, turns
from tests.service.gateway_calls import BODY, call, keyed
from tests.service.gateway_world import World, run_replica, run_world
from tests.service.job_calls import CSV, NDJSON, ended, imported, items, read, rows, sent

TABLE = """Organisation,Acronym,Type,Our code,Colour
#org+name,#org+acronym,#org+type,#meta+id,#x_colour
"Relief, Invented",RI,NGO,a-1,blue
Other Relief,OR,,a-2,
"""


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


@pytest.fixture
async def ann(world: World) -> AsyncIterator[dict[str, str]]:
    world.services.records.clear()
    world.services.heard.clear()
    world.services.commands.clear()
    yield await world.bearer("ann")
    assert world.services.vouched
    await world.sql("delete from jobs")


async def refused(world: World, headers: Any, job: Any, query: str = "") -> Any:
    return (await call(world, "GET", f"{job['rejected']}{query}", headers))[1]


def many(count: int) -> str:
    return rows(*(BODY | {"purpose": f"talks {number}"} for number in range(count)))


async def test_rows_are_written_and_what_is_refused_says_where_and_why(world: World, ann) -> None:
    content = rows(BODY, BODY | {"wrong": 1}) + "{half\n[1]\n\n" + rows(BODY)
    job = await imported(world, ann, "engagements", content, NDJSON)
    told = (await refused(world, ann, job))["items"]
    assert job["state"] == "done"
    assert job["progress"] == {"rows": 5, "total": 5, "accepted": 2, "rejected": 3}
    assert [(one["row"], one["line"], one["code"]) for one in told] == [
        (2, 2, "invalid"), (3, 3, "not_json"), (4, 4, "not_an_object"),
    ]  # fmt: skip
    assert told[0]["errors"] == [
        {"pointer": "/wrong", "code": "unknown_field", "detail": "No such field."}
    ]
    assert len(world.services.records) == 2


async def test_refused_rows_come_page_by_page(world: World, ann) -> None:
    job = await imported(world, ann, "engagements", "[]\n" * 5, NDJSON)
    first = await refused(world, ann, job, "?page_size=3")
    rest = await refused(world, ann, job, f"?page_size=3&cursor={first['next_cursor']}")
    assert [one["row"] for one in (*first["items"], *rest["items"])] == [1, 2, 3, 4, 5]
    assert rest["next_cursor"] is None


async def test_a_row_with_an_id_of_its_own_creates_or_amends_by_it(world: World, ann) -> None:
    content = rows(BODY | {"external_id": "a-1"}, BODY)
    await imported(world, ann, "engagements", content, NDJSON, system="c2")
    named, plain = items(world)
    assert (named["action"], named["system"], named["external_id"]) == ("put_external", "c2", "a-1")
    assert named["body"] == BODY
    assert plain["action"] == "create"


async def test_an_id_of_nobodys_system_is_refused(world: World, ann) -> None:
    job = await imported(world, ann, "engagements", rows(BODY | {"external_id": "a-1"}), NDJSON)
    [told] = (await refused(world, ann, job))["items"]
    assert (told["errors"][0]["pointer"], told["errors"][0]["code"]) == ("/external_id", "required")


async def test_hxl_hashtags_say_what_a_column_holds(world: World, ann) -> None:
    job = await imported(world, ann, "organisations", TABLE, CSV, system="ocha")
    first, second = items(world, "/organisations/batch")
    assert (first["external_id"], second["external_id"]) == ("a-1", "a-2")
    assert first["body"]["name"] == {"text": "Relief, Invented"}
    assert first["body"]["short_name"] == {"text": "RI"}
    assert (first["body"]["organisation_kind"], second["body"]["organisation_kind"]) == (
        "ngo",
        "unknown",
    )
    assert job["unused_columns"] == ["Colour (#x_colour)"]
    assert job["progress"]["accepted"] == 2


async def test_a_column_of_any_kind_is_called_by_the_path_of_its_field(world: World, ann) -> None:
    content = (
        "external_id;purpose;type;starts_at;place.name;label.level;label.releasable_to.0.0\n"
        'a-1;"Talks; long\nones";routine_liaison;2030-01-02T09:00:00Z;Malakal;public;un\n'
    )
    await imported(world, ann, "engagements", content, CSV, system="c2")
    [item] = items(world)
    assert item["body"] == {
        "purpose": "Talks; long\nones",
        "type": "routine_liaison",
        "starts_at": "2030-01-02T09:00:00Z",
        "place": {"name": "Malakal"},
        "label": {"level": "public", "releasable_to": [["un"]]},
    }


async def test_people_come_under_their_usual_names(world: World, ann) -> None:
    content = "id,Name,Job title,Email,Organisation\np-1,Invented Person,Chief,p@x.example,Relief\n"
    job = await imported(world, ann, "people", content, CSV, system="crm")
    [item] = items(world, "/people/batch")
    assert item["external_id"] == "p-1"
    assert item["body"]["identity"]["name"] == {"text": "Invented Person"}
    assert item["body"]["private"]["contact_details"] == [
        {"means": "email", "value": "p@x.example"}
    ]
    assert job["unused_columns"] == ["Organisation"]


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        ("", NDJSON, 422, "no_rows"),
        ("purpose\n", CSV, 422, "no_rows"),
        ("colour,shape\nblue,round\n", CSV, 422, "not_a_table"),
        ("external_id,purpose\na-1,talks\n", CSV, 422, "system_required"),
        (b"purpose,\xff\n", CSV, 422, "not_utf8"),
        ('purpose\n"never closed\n' + "x" * 300_000, CSV, 413, "too_large"),
        ("{}", "application/json", 415, "media_type"),
    ],
)
async def test_what_is_no_file_of_rows_is_refused_at_once_and_not_kept(
    world: World, ann, content: Any, media_type: str, status: int, code: str
) -> None:
    answer, problem = await sent(world, ann, "engagements", content, media_type)
    _, listed = await call(world, "GET", "/v1/jobs", ann)
    assert (answer.status, problem["code"], listed["items"]) == (status, code, [])


async def test_a_file_that_says_it_is_too_large_is_refused_before_it_is_read(
    world: World, ann
) -> None:
    headers = keyed(ann) | {"Content-Type": NDJSON, "Content-Length": str(64 * 1024 * 1024 + 1)}
    async with (
        aiohttp.ClientSession(world.url) as alone,
        alone.post("/v1/engagements/import", headers=headers, data=b"") as answer,
    ):
        problem = await answer.json()
    assert (answer.status, problem["code"]) == (413, "too_large")
    assert str(64 * 1024 * 1024) in problem["detail"]


async def test_validating_only_is_passed_on(world: World, ann) -> None:
    await imported(world, ann, "engagements", rows(BODY), NDJSON, validate_only="true")
    [heard] = [one for one in world.services.heard if one.path == "/engagements/batch"]
    assert heard.headers["Parley-Validate-Only"] == "true"


async def test_the_same_file_again_is_the_same_job_and_another_is_refused(
    world: World, ann
) -> None:
    headers, content = keyed(ann), rows(BODY)
    _, job = await sent(world, headers, "engagements", content, NDJSON)
    await ended(world, ann, job["id"])
    again, same = await sent(world, headers, "engagements", content, NDJSON)
    other, problem = await sent(world, headers, "engagements", rows(BODY, BODY), NDJSON)
    assert (again.headers["Idempotency-Replayed"], same["id"]) == ("true", job["id"])
    assert (other.status, problem["code"]) == (422, "idempotency_key_reused")
    assert len(items(world)) == 1


async def test_rows_wait_while_their_service_is_away_and_are_written_once(
    world: World, ann
) -> None:
    world.services.down = {"engagements"}
    try:
        _, job = await sent(world, ann, "engagements", many(300), NDJSON)
        async with asyncio.timeout(10):
            while not world.services.hung_up:
                await asyncio.sleep(0.02)
    finally:
        world.services.down = set()
    done = await ended(world, ann, job["id"])
    assert (done["progress"]["accepted"], len(world.services.records)) == (300, 300)


async def test_a_part_that_is_done_twice_writes_nothing_twice(
    world: World, ann, monkeypatch
) -> None:
    """As when whoever did it was killed before it was written down: here the fence says no."""
    dealt, missed = turns.dealt, list[Any]()

    async def forgetful(*told: Any, keeping: bool) -> bool:
        if len(missed) < 2:
            missed.append(told)
            return False
        return bool(await dealt(*told, keeping=keeping))

    monkeypatch.setattr(turns, "dealt", forgetful)
    monkeypatch.setattr(receiving, "PART_ROWS", 10)
    job = await imported(world, ann, "engagements", many(50), NDJSON)
    assert job["progress"] == {"rows": 50, "total": 50, "accepted": 50, "rejected": 0}
    assert (len(items(world)), len(world.services.records)) == (70, 50)


async def test_whoever_is_killed_after_the_last_part_leaves_no_job_that_never_ends(
    world: World, ann, monkeypatch
) -> None:
    end, missed = turns.end, list[Any]()

    async def forgetful(*told: Any) -> None:
        if not missed:
            missed.append(told)
            return
        await end(*told)

    monkeypatch.setattr(turns, "end", forgetful)
    job = await imported(world, ann, "engagements", many(3), NDJSON)
    assert (job["state"], job["progress"]["accepted"], len(missed)) == ("done", 3, 1)


async def test_two_replicas_write_every_row_once(world: World, ann, monkeypatch) -> None:
    monkeypatch.setattr(receiving, "PART_ROWS", 5)
    async with run_replica(world):
        jobs = [(await sent(world, ann, "engagements", many(100), NDJSON))[1] for _ in range(3)]
        done = [await ended(world, ann, job["id"]) for job in jobs]
    assert [job["progress"]["accepted"] for job in done] == [100, 100, 100]
    assert len(items(world)) == len(world.services.records) == 300


async def test_an_import_stops_at_the_next_part_when_its_caller_is_no_longer_let_in(
    world: World, ann, monkeypatch
) -> None:
    monkeypatch.setattr(receiving, "PART_ROWS", 1)
    _, job = await sent(world, ann, "engagements", many(600), NDJSON)
    client = "ann-client"
    await world.order(client, SuspendClient(WHY))
    world.app.state.gateway.roll.forget()
    try:
        pool = world.app.state.gateway.pool
        async with asyncio.timeout(5):
            while await pool.fetchval("select ended_at is null from jobs"):
                await asyncio.sleep(0.05)
    finally:
        await world.order(client, ReinstateClient(WHY))
        world.app.state.gateway.roll.forget()
    stopped = await read(world, ann, job["id"])
    assert (stopped["state"], stopped["why"]) == ("stopped", "revoked")
    assert len(world.services.records) == stopped["progress"]["accepted"] < 600
    assert await pool.fetchval("select count(*) from job_parts") == 0


async def test_a_cancelled_import_writes_no_more(world: World, ann, monkeypatch) -> None:
    monkeypatch.setattr(receiving, "PART_ROWS", 1)
    _, job = await sent(world, ann, "engagements", many(600), NDJSON)
    answer, told = await call(world, "POST", f"/v1/jobs/{job['id']}/cancel", keyed(ann))
    assert (answer.status, told["state"]) == (200, "cancelled")
    await imported(world, ann, "engagements", rows(BODY), NDJSON)
    assert len(world.services.records) <= told["progress"]["accepted"] + 2


async def test_nothing_of_a_file_lies_open_in_the_database(world: World, ann) -> None:
    world.services.down = {"engagements"}
    try:
        word = "zebra crossing"
        await sent(world, ann, "engagements", rows(BODY | {"purpose": word}), NDJSON)
        pool = world.app.state.gateway.pool
        kept = await pool.fetch("select content from job_parts")
        asked = await pool.fetch("select secret || asked as content from jobs")
    finally:
        world.services.down = set()
    assert kept
    assert not any(word.encode() in row["content"] for row in (*kept, *asked))

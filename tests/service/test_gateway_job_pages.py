"""The pages of exports and imports on a gateway that serves: from a list to its file, without a script."""

import asyncio
import re
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from aiohttp import FormData

from tests.service.gateway_calls import BODY
from tests.service.gateway_world import World, run_world
from tests.service.job_calls import NDJSON, imported, rows

SECONDS = 10
FILE = "purpose,type,starts_at\nTalks sent in,routine_liaison,2030-01-02T09:00:00Z\nToo,many,cells,here\n"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
FORM = re.compile(r'<form[^>]* action="(/jobs/[^"]+)".*?</form>', re.DOTALL)


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url, pages=True) as made:
        yield made


async def cookie(world: World, name: str) -> dict[str, str]:
    return {"parley": (await world.sign_in(name)).cookies["parley"].value}


async def got(world: World, path: str, cookies: dict[str, str]) -> tuple[int, str]:
    async with world.http.get(path, cookies=cookies) as answer:
        return answer.status, await answer.text()


async def posted(
    world: World, page: str, action: str, cookies: dict[str, str], **fields: str
) -> tuple[int, str]:
    """The form of `page` that leads to `action`: the answer's status, and where it leads."""
    _, shown = await got(world, page, cookies)
    form = next(found for found in FORM.finditer(shown) if found[1].endswith(action))
    values = dict(HIDDEN.findall(form[0])) | fields
    async with world.http.post(
        form[1], data=values, cookies=cookies, allow_redirects=False
    ) as answer:
        return answer.status, answer.headers.get("Location", "")


async def until_done(world: World, page: str, cookies: dict[str, str]) -> str:
    """The page, once it leads to a file."""
    async with asyncio.timeout(SECONDS):
        while "Fetch the file" not in (shown := (await got(world, page, cookies))[1]):
            await asyncio.sleep(0.05)
    return shown


async def test_a_list_is_exported_from_its_own_page_with_its_filters(world: World) -> None:
    told = {"engagement_type": "routine_liaison", "starts_at": "2030-01-02T09:00:00Z"}
    world.services.hold("engagement", "Talks to take along", more=told)
    ann = await cookie(world, "ann")
    status, page = await posted(world, "/engagements?q=talks", "/export", ann, format="ndjson")
    shown = await until_done(world, page, ann)
    file = re.findall(r'href="(/v1/jobs/[0-9a-f]+/file)"', shown)[0]
    _, text = await got(world, file, ann)
    _, listed = await got(world, "/jobs", ann)
    asked = [one.query for one in world.services.heard if one.query.get("q") == "talks"]
    assert status == 303
    assert "Talks to take along" in text
    assert page in listed
    assert any(query.get("page_size") == "500" for query in asked)


async def test_refused_rows_stand_on_the_jobs_page(world: World) -> None:
    """Of whoever asked in person; a machine's jobs are its own."""
    ann = await cookie(world, "ann")
    machines = await imported(
        world, await world.bearer("ann"), "engagements", rows(BODY | {"wrong": 1}), NDJSON
    )
    status, _ = await got(world, f"/jobs/{machines['id']}", ann)
    _, csrf = await got(world, "/password", ann)
    token = re.findall(r'name="csrf_token" value="([0-9a-f]+)"', csrf)[0]
    session = {"Cookie": f"parley={ann['parley']}", "X-CSRF-Token": token}
    own = await imported(world, session, "engagements", rows(BODY | {"wrong": 1}), NDJSON)
    _, shown = await got(world, f"/jobs/{own['id']}", ann)
    assert status == 404
    assert "No such field." in shown
    assert "/wrong" in shown


async def test_a_job_is_deleted_from_its_page(world: World) -> None:
    ann = await cookie(world, "ann")
    _, page = await posted(world, "/engagements", "/export", ann, format="csv")
    await until_done(world, page, ann)
    status, listed = await posted(world, page, "/delete", ann)
    assert (status, listed) == (303, "/jobs")
    assert (await got(world, page, ann))[0] == 404
    assert page not in (await got(world, "/jobs", ann))[1]


async def test_of_others_jobs_there_is_no_page(world: World) -> None:
    ann, ben = await cookie(world, "ann"), await cookie(world, "ben")
    _, page = await posted(world, "/engagements", "/export", ann, format="csv")
    assert (await got(world, page, ben))[0] == 404
    assert page not in (await got(world, "/jobs", ben))[1]


async def sent_in(
    world: World,
    cookies: dict[str, str],
    name: str = "talks.csv",
    content: str = FILE,
    **fields: str,
) -> tuple[int, str, str]:
    """The form of a file, filled in and sent: status, where it leads, what is shown."""
    _, shown = await got(world, "/jobs/import", cookies)
    form = next(found for found in FORM.finditer(shown) if found[1].endswith("/import"))
    values = dict(HIDDEN.findall(form[0])) | {"records": "engagements"} | fields
    data = FormData()
    for name_of, value in values.items():
        data.add_field(name_of, value)
    data.add_field("file", BytesIO(content.encode()), filename=name, content_type="text/csv")
    async with world.http.post(
        form[1], data=data, cookies=cookies, allow_redirects=False
    ) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def until(world: World, page: str, cookies: dict[str, str], words: str) -> str:
    async with asyncio.timeout(SECONDS):
        while words not in (shown := (await got(world, page, cookies))[1]):
            await asyncio.sleep(0.05)
    return shown


async def test_a_file_is_checked_and_then_written_from_its_page(world: World) -> None:
    ann = await cookie(world, "ann")
    status, page, _ = await sent_in(world, ann)
    shown = await until(world, page, ann, "Write these rows")
    before = len(world.services.records)
    _, reasons = await got(world, f"{page}/reasons", ann)
    _, job = await posted(world, page, "/import", ann)
    await until(world, job, ann, ">Done<")
    assert status == 303
    assert "1 row would be accepted" in shown
    assert reasons.splitlines()[1] == "row,line,field,code,reason"
    assert "2,3,,too_many," in reasons
    assert len(world.services.records) == before + 1


async def test_a_file_of_a_forged_form_is_not_even_looked_at(world: World) -> None:
    ann = await cookie(world, "ann")
    before = (await got(world, "/jobs", ann))[1].count("data-row")
    status, _, _ = await sent_in(world, ann, csrf_token="forged")
    assert status == 403
    assert (await got(world, "/jobs", ann))[1].count("data-row") == before


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("talks.xlsx", "PK", "Send a table (.csv)"),
        ("talks.csv", '{"purpose": "Talks"}', "not what its ending says"),
        ("talks.ndjson", FILE, "not what its ending says"),
        ("talks.csv", "purpose\x00\n", "not what its ending says"),
        ("talks.csv", "colour\nblue\n", "not one of its columns is understood"),
        ("talks.csv", "purpose\n", "There are no rows in it."),
        ("talks.csv", "external_id,purpose\na-1,Talks\n", "say whose they are"),
    ],
)
async def test_what_is_wrong_with_a_file_is_said_in_words(
    world: World, name: str, content: str, words: str
) -> None:
    status, _, shown = await sent_in(world, await cookie(world, "ann"), name, content)
    assert (status, words in shown) == (422, True)


async def test_a_file_that_is_too_large_is_refused(world: World) -> None:
    ann = await cookie(world, "ann")
    status, _, _ = await sent_in(world, ann, content="x" * (11 * 1024 * 1024))
    assert status == 413


async def test_whoever_may_record_nothing_sends_nothing_in(world: World) -> None:
    officer = await cookie(world, "officer")
    assert (await got(world, "/jobs/import", officer))[0] == 404
    assert "Send in a file" not in (await got(world, "/jobs", officer))[1]

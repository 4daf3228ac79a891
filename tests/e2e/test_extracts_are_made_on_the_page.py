"""The page that makes extracts, without scripts, for each kind and on the real services."""

import asyncio
import html
import re
from typing import Any

import aiohttp
import pytest

from tests.e2e.browserless import signed_in, whole_list
from tests.e2e.conftest import CAUGHT_UP_SECONDS, LOOK_AGAIN_SECONDS, Everybody
from tests.e2e.partner import Partner

FOR_US = {"level": "unclassified", "releasable_to": [["mil"]], "caveats": []}
HIDDEN = re.compile(r'name="(csrf_token|key)" value="([^"]*)"')
TO_CHECK = re.compile(r'<a href="(/search\?source_changed=true[^"]*)">')
CHECKED = re.compile(r'<form method="post" action="([^"]*/checked)">(.*?)</form>')
KEPT = re.compile(r'name="keep" value="([^"]*)"')
OK, SEE_OTHER = 200, 303
Json = dict[str, Any]  # Any: what the gateway answers

SOURCES: dict[str, Json] = {
    "organisations": {"name": "Invented House", "short_name": "IH", "organisation_kind": "ngo"},
    "people": {
        "described_as": "Head of the ferry",
        "identity": {"name": "Invented Person"},
        "note": "Lives beside it",
    },
    "posts": {"name": "Keeper of the ferry", "area": "SS0707", "note": "Vacant"},
    "commitments": {
        "direction": "by_us",
        "what": "Repair the ferry",
        "due_at": "2031-03-02T09:00:00Z",
    },
    "engagements": {
        "purpose": "Talks on the ferry",
        "type": "routine_liaison",
        "starts_at": "2031-03-02T09:00:00Z",
        "place": {"name": "Malakal"},
        "desired_effect": "inform",
    },
}
SAID = {
    "organisations": "name",
    "people": "described_as",
    "posts": "name",
    "commitments": "what",
    "engagements": "purpose",
}


@pytest.mark.parametrize("plural", SOURCES)
async def test_the_page_makes_an_extract_of_what_is_typed_and_ticked(
    everybody: Everybody, plural: str
) -> None:
    officer = everybody["liaison-officer"]
    house = {"organisation_id": officer.persona.organisation_id}
    parties = {"to": house} if plural == "commitments" else {}
    body = SOURCES[plural] | parties | {"label": FOR_US}
    source = await officer.post(f"/v1/{plural}", body)
    await officer.get(f"/v1/records/{source['id']}", at_least=source["position"])

    said = {SAID[plural]: "What others may know"}
    path = f"/v1/records/{source['id']}/extracts"
    before = await officer.get(path)
    preview = await _previewed(everybody, source["id"], said)
    assert "What others may know" in preview
    assert await officer.get(path) == before

    made, kept = await _made(everybody, source["id"], said)

    view = await shown(officer, f"/v1/records/{made}")
    assert view[SAID[plural]]["text"] == "What others may know"
    assert view["label"] == {"level": "unclassified", "releasable_to": [], "caveats": []}
    assert {name: bool(view.get(name)) for name in kept} == dict.fromkeys(kept, True)
    assert "note" not in view or view["note"] is None
    of = (await officer.get(f"/v1/records/{made}/extracts"))["of"]
    assert [one["id"] for one in of] == [source["id"]]


async def test_of_a_meeting_that_was_held_only_the_summary_that_is_typed_is_told(
    everybody: Everybody,
) -> None:
    officer = everybody["liaison-officer"]
    told = {"summary": "They named who crosses at night.", "outcomes": "A list of names"}
    held = SOURCES["engagements"] | {"starts_at": "2026-01-02T09:00:00Z", "debrief": told}
    source = await officer.post("/v1/engagements/record_held", held | {"label": FOR_US})
    await officer.get(f"/v1/records/{source['id']}", at_least=source["position"])

    said = {"purpose": "A meeting", "summary": "The crossing was talked about."}
    made, _ = await _made(everybody, source["id"], said)

    view = await shown(officer, f"/v1/records/{made}")
    assert (view["status"], view["summary"]["text"]) == ("debriefed", said["summary"])
    assert [word for word in ("night", "names") if word in str(view)] == []


async def test_today_leads_to_what_its_source_has_overtaken_until_it_is_checked(
    everybody: Everybody,
) -> None:
    officer = everybody["liaison-officer"]
    source = await officer.post("/v1/engagements", SOURCES["engagements"] | {"label": FOR_US})
    await officer.get(f"/v1/records/{source['id']}", at_least=source["position"])
    made, _ = await _made(everybody, source["id"], {"purpose": "What others may know"})
    await shown(officer, f"/v1/records/{made}")
    changed = await officer.post(f"/v1/engagements/{source['id']}/cancel", {"reason": "routes"})
    await officer.get(f"/v1/records/{source['id']}", at_least=changed["position"])

    async with signed_in(officer) as session:
        (listed,) = TO_CHECK.findall(await _page(session, "/"))
        assert made in await whole_list(session, html.unescape(listed))
        assert f"/records/{made}/extracts" in await _page(session, f"/records/{made}")
        (form,) = CHECKED.findall(await _page(session, f"/records/{made}/extracts"))
        path, data = form[0], dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form[1]))
        async with session.post(path, data=data, allow_redirects=False) as answer:
            assert answer.status == SEE_OTHER, await answer.text()
        assert made not in await whole_list(session, html.unescape(listed))
        assert CHECKED.findall(await _page(session, f"/records/{made}/extracts")) == []


async def _page(session: aiohttp.ClientSession, path: str) -> str:
    async with session.get(path) as answer:
        page = await answer.text()
        assert answer.status == OK, page
        return page


async def shown(officer: Partner, path: str) -> Json:
    """The record, as soon as the read model has it."""
    async with asyncio.timeout(CAUGHT_UP_SECONDS):
        while True:
            status, view, _ = await officer.call("GET", path)
            if status == OK:
                return view
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _made(everybody: Everybody, source: str, said: dict[str, str]) -> tuple[str, list[str]]:
    """The extract that the form makes with everything ticked; and what was ticked."""
    async with signed_in(everybody["liaison-officer"]) as session:
        path, form = await _filled_in(session, source, said)
        data = [*form, ("do", "make")]
        async with session.post(path, data=data, allow_redirects=False) as answer:
            assert answer.status == SEE_OTHER, await answer.text()
            kept = [value for name, value in form if name == "keep"]
            return answer.headers["Location"].rpartition("/")[2], kept


async def _previewed(everybody: Everybody, source: str, said: dict[str, str]) -> str:
    """The part of the page that tells what others would read, were the same sent to be made."""
    async with signed_in(everybody["liaison-officer"]) as session:
        path, form = await _filled_in(session, source, said)
        async with session.post(path, data=[*form, ("do", "preview")]) as answer:
            page = await answer.text()
            assert answer.status == OK, page
            return page.partition('id="preview-title"')[2].partition("<form")[0]


async def _filled_in(
    session: aiohttp.ClientSession, source: str, said: dict[str, str]
) -> tuple[str, list[tuple[str, str]]]:
    path = f"/records/{source}/extracts"
    async with session.get(path) as answer:
        page = await answer.text()
        assert answer.status == OK, page
    moment = dict(re.findall(r'name="(date|time)"[^>]*value="([^"]*)"', page))
    form = [*dict(HIDDEN.findall(page)).items(), *moment.items(), *said.items()]
    return path, [*form, *(("keep", one) for one in KEPT.findall(page)), ("level", "unclassified")]

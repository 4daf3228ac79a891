"""Making an extract of a record, asking for one, and who learns that it is one."""

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import assert_well_made
from tests.browser.conftest import ANSWER_SECONDS, Site, Visit
from tests.browser.fake_world import an_id

SMALLEST_SCREEN = 320
TALKS, WALK = (an_id("engagement", number) for number in (8, 10))


def test_an_extract_is_made_of_words_of_its_own_and_what_is_ticked(
    visit: Visit, site: Site
) -> None:
    page = visit(scripts=False).open(f"/records/{TALKS}")
    page.get_by_role("link", name="Extracts", exact=True).click()
    expect(page.locator("main")).to_contain_text("None was made of it that you may see")
    page.fill("#purpose", "A meeting took place")
    page.check("input[name=keep][value=place]")
    page.get_by_role("button", name="Make the extract").click()

    sent = _sent(site)[-1]
    body = sent["body"]
    assert sent["path"] == "/engagements"
    assert (body["extract_of"], body["purpose"]["text"]) == (TALKS, "A meeting took place")
    assert body["label"]["releasable_to"] == []
    assert ("place" in body, "participants" in body) == (True, False)
    page.get_by_role("link", name="Extracts", exact=True).click()
    expect(page.locator("main")).to_contain_text("This is an extract of")
    page.get_by_role("link", name="Key leader engagement").click()
    page.get_by_role("link", name="Extracts", exact=True).click()
    page.get_by_role("link", name="A meeting took place").click()
    expect(page.locator("main")).to_contain_text("has changed since")

    page.goto(site.address)
    page.get_by_role("link", name="See whether they hold").click()
    page.get_by_role("link", name="A meeting took place").first.click()
    page.get_by_role("link", name="See whether it holds").click()
    page.get_by_role("button", name="Checked: nothing in it is wrong now").click()
    sent = _sent(site)[-1]
    assert sent["path"] == f"/engagements/{TALKS}/check_extract"
    expect(page.get_by_role("button", name="Checked: nothing in it is wrong now")).to_have_count(0)


def test_who_makes_an_extract_sees_before_what_whom_it_would_tell_and_what_stays_behind(
    visit: Visit, site: Site
) -> None:
    before = len(_sent(site))
    page = visit(scripts=False).open(f"/records/{TALKS}/extracts")
    page.fill("#purpose", "A meeting took place")
    page.check("input[name=keep][value=place]")
    page.check("input[name=releasable_to][value=ngo]")
    page.get_by_role("button", name="See what they would read").click()

    preview = page.locator(".preview")
    expect(preview).to_contain_text("A meeting took place")
    expect(preview.get_by_role("heading", name="Somebody of")).to_contain_text(
        "Non-governmental organisations"
    )
    expect(preview).to_contain_text("asked for and approved")
    expect(page.locator("button.btn:not(.quiet)[name=do]")).to_have_text("Ask to make it")
    left = preview.locator("ul", has_text="The history of the record").locator("li").first
    expect(left).to_contain_text("Participants")
    expect(left).not_to_contain_text("Place")
    expect(page.locator("#purpose")).to_have_value("A meeting took place")
    expect(page.locator("input[name=keep][value=place]")).to_be_checked()
    assert len(_sent(site)) == before

    page.fill("#purpose", "")
    page.get_by_role("button", name="See what they would read").click()
    expect(page.locator(".preview")).to_have_count(0)
    expect(page.locator(".summary, .form-errors, [role=alert]").first).to_be_visible()


@pytest.mark.parametrize(("lang", "width"), [("fr", SMALLEST_SCREEN), ("ar", 1366)])
def test_a_preview_has_no_barrier_and_fits_the_screen(visit: Visit, lang: str, width: int) -> None:
    page = visit(lang=lang, width=width).open(f"/records/{TALKS}/extracts")
    page.fill("#purpose", "A meeting took place")
    page.check("input[name=releasable_to][value=ngo]")
    page.locator("button[value=preview]").click()
    expect(page.locator(".preview")).to_contain_text("A meeting took place")
    assert_well_made(page, width)


def test_an_extract_is_asked_for_and_approved_as_releases_are(visit: Visit, site: Site) -> None:
    page = visit(scripts=False).open(f"/records/{WALK}/extracts")
    page.check("input[name=releasable_to][value=ngo]")
    page.fill("#reason", "They asked who was met")
    page.get_by_role("button", name="Ask to make it").click()
    sent = _sent(site)[-1]
    assert sent["path"] == f"/engagements/{WALK}/request_extract"
    assert sent["body"]["label"]["releasable_to"] == [["ngo"]]
    expect(page.locator("main")).to_contain_text("An extract waits")
    expect(page.locator(".preview")).to_have_count(0)

    second = visit("chief", scripts=False).open(f"/records/{WALK}/release")
    second.get_by_role("button", name="Approve the extract").click()

    third = visit(scripts=False).open(f"/records/{WALK}/extracts")
    expect(third.locator("main")).to_contain_text("One extract was approved")
    expect(third.get_by_role("button", name="Ask to make it")).to_have_count(0)


def test_whoever_does_not_own_the_record_is_offered_no_form(visit: Visit) -> None:
    page: Page = visit("ngo-forum").open(f"/records/{an_id('engagement', 3)}/extracts")
    expect(page.locator("main")).to_contain_text("None was made of it that you may see")
    expect(page.get_by_role("button", name="Make the extract")).to_have_count(0)


def _sent(site: Site) -> list[dict[str, Any]]:  # Any: JSON
    """The commands the services were sent, oldest first."""
    host = site.address.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=ANSWER_SECONDS)) as connection:
        connection.request("GET", "/fake/sent")
        found: list[dict[str, Any]] = json.loads(connection.getresponse().read())
        return found

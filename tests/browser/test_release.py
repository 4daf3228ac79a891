"""Releasing a record: seen before it is asked for, approved by a second person, and recalled."""

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWER_SECONDS, Site, Visit
from tests.browser.fake_world import an_id

TALKS, WALK, MARKET = (an_id("engagement", number) for number in (8, 10, 11))


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit(scripts=False).open(f"/records/{TALKS}")


def test_a_preview_shows_what_goes_along_and_what_stays_withheld(page: Page) -> None:
    page.get_by_role("link", name="Release", exact=True).click()
    page.check("input[name=releasable_to][value=ngo]")
    page.get_by_role("button", name="See what they would get").click()
    assert "releasable_to=ngo" in page.url
    preview = page.get_by_role("region", name="What somebody of Non-governmental organisations")
    expect(preview.locator(".as-they-see")).to_contain_text(
        "Key leader engagement: sector commander"
    )
    expect(preview.locator(".as-they-see")).not_to_contain_text("Invented Person")
    withheld = preview.locator("h3:has-text('stays withheld') + ul")
    expect(withheld).to_contain_text("Our side's preparation")
    expect(withheld).to_contain_text("withheld from you, too")


def test_who_stays_without_a_needed_caveat_is_said_to_get_nothing_of_that_part(
    visit: Visit,
) -> None:
    asked = "level=confidential&releasable_to=mil&releasable_to=ngo&part=identity"
    page = visit(scripts=False).open(f"/records/{TALKS}/release?{asked}")
    withheld = page.locator("h3:has-text('stays withheld') + ul")
    expect(withheld).to_contain_text("People by name")


def test_somebody_who_holds_the_caveat_is_previewed_too(visit: Visit) -> None:
    asked = "level=confidential&releasable_to=mil&releasable_to=ngo&part=identity"
    page = visit(scripts=False).open(f"/records/{TALKS}/release?{asked}")
    page.locator(".holding input[value=PROTECTION]").check()
    page.get_by_role("button", name="Look again").click()
    expect(page.locator(".as-they-see")).to_contain_text("People by name")


def test_the_banner_is_that_of_the_record_not_of_the_release(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/records/{WALK}/release?level=public&releasable_to=all")
    expect(page.locator("#banner-top")).to_contain_text("CONFIDENTIAL")


def test_what_is_asked_for_is_approved_by_a_second_person(visit: Visit, site: Site) -> None:
    asked = "level=confidential&releasable_to=mil&releasable_to=ngo"
    page = visit(scripts=False).open(f"/records/{TALKS}/release?{asked}")
    page.fill("#reason", "They drive there tomorrow")
    page.get_by_role("button", name="Ask for this release").click()
    sent = sent_to(site)[-1]
    assert sent["path"] == f"/engagements/{TALKS}/request_release"
    assert sent["body"]["label"]["releasable_to"] == [["mil", "ngo"]]
    expect(page.locator("main")).to_contain_text("whoever asked cannot")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    second = visit("chief", scripts=False).open("/more")
    second.get_by_role("link", name="Releases that wait").click()
    second.get_by_role("link", name="Key leader engagement").click()
    second.get_by_role("link", name="Release waits").click()
    expect(second.locator("main")).to_contain_text("They drive there tomorrow")
    second.get_by_role("button", name="Approve the release").click()
    sent = sent_to(site)[-1]
    assert (sent["path"], bool(sent["version"])) == (f"/engagements/{TALKS}/approve_release", True)
    third = visit("chief", scripts=False).open(f"/records/{TALKS}")
    expect(third.locator(".record-marks .mark").first).to_contain_text("NGO")


def test_a_record_is_recalled_at_once_to_those_that_are_kept(visit: Visit, site: Site) -> None:
    page = visit(scripts=False).open(f"/records/{MARKET}/release")
    page.locator("summary:has-text('Recall it')").click()
    page.locator("details input[value=mil]").check()
    page.fill("#recall_reason", "Sent to the wrong people")
    page.get_by_role("button", name="Recall it").click()
    sent = sent_to(site)[-1]
    assert sent["path"] == f"/engagements/{MARKET}/relabel"
    assert sent["body"]["label"]["releasable_to"] == [["mil"]]
    assert sent["body"]["reason"]["text"] == "Sent to the wrong people"


def test_without_an_audience_the_form_says_so_beside_the_field(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/records/{WALK}/release?level=public")
    expect(page.locator("#e-releasable_to-1")).to_contain_text("at least one community")
    expect(page.get_by_role("button", name="Ask for this release")).to_have_count(0)


def test_whoever_does_not_own_the_record_finds_no_such_page(visit: Visit) -> None:
    visitor = visit("ngo-forum")
    answer = visitor.context.request.get(f"{visitor.site.address}/records/{MARKET}/release")
    assert answer.status == 404


def sent_to(site: Site) -> list[dict[str, Any]]:  # Any: JSON
    """The commands the services were sent, oldest first."""
    host = site.address.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=ANSWER_SECONDS)) as connection:
        connection.request("GET", "/fake/sent")
        found: list[dict[str, Any]] = json.loads(connection.getresponse().read())
        return found

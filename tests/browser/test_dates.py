"""Dates of a record's label, set by its owner on a page of its own and told on the record."""

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWER_SECONDS, Site, Visitor
from tests.browser.fake_world import an_id

TALKS = an_id("engagement", 4)
DATES = f"/records/{TALKS}/dates"
OURS, THEIRS = "main form[action$=dates]", "main form[action$=review]"


def test_its_owner_opens_a_record_on_a_date_and_lets_it_expire(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/records/{TALKS}")
    page.click("text=Set the dates of its label")
    page.fill("#opens_date", "2099-06-02")
    page.fill("#opens_time", "09:00")
    page.select_option("#level", "unclassified")
    page.check("input[name=releasable_to][value=un]")
    page.fill("#expires_date", "2099-07-02")
    page.fill("#expires_time", "09:00")
    page.locator(f"{OURS} button").click()
    sent = _sent(site)[-1]
    assert sent["path"] == f"/engagements/{TALKS}/schedule"
    assert sent["version"]
    assert sent["body"] == {
        "declassify_at": "2099-06-02T09:00:00+00:00",
        "label": {"level": "unclassified", "releasable_to": [["un"]]},
        "expires_at": "2099-07-02T09:00:00+00:00",
    }
    about = page.locator(".about")
    expect(about.locator("time[datetime='2099-06-02T09:00:00Z']")).to_have_count(1)
    expect(about.locator("time[datetime='2099-07-02T09:00:00Z']")).to_have_count(1)
    page.click("text=Set the dates of its label")
    assert page.input_value("#opens_date") == "2099-06-02"
    assert page.is_checked("input[name=releasable_to][value=un]")


def test_a_date_that_has_been_comes_back_with_the_error_beside_it(page: Page, site: Site) -> None:
    page.goto(f"{site.address}{DATES}")
    page.fill("#expires_date", "2001-01-01")
    page.fill("#expires_time", "09:00")
    page.locator(f"{OURS} button").click()
    assert page.get_attribute("#expires_date", "aria-invalid") == "true"
    assert page.input_value("#expires_date") == "2001-01-01"


def test_a_review_date_leaves_the_other_marks_as_they_are(page: Page, site: Site) -> None:
    page.goto(f"{site.address}{DATES}")
    page.fill("#review_on", "2099-01-15")
    page.locator(f"{THEIRS} button").click()
    sent = _sent(site)[-1]
    assert sent["path"] == f"/engagements/{TALKS}/mark"
    assert sent["body"]["review_on"] == "2099-01-15"
    expect(page.locator(".about time[datetime='2099-01-15']")).to_have_count(1)


def test_nobody_but_its_owner_finds_the_page(officer: Visitor, site: Site) -> None:
    answer = officer.context.request.get(
        f"{site.address}{DATES}", headers={"Cookie": "fake_session=ngo-forum"}
    )
    assert answer.status == 404


def _sent(site: Site) -> list[dict[str, Any]]:  # Any: JSON
    """The commands the services were sent, oldest first."""
    host = site.address.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=ANSWER_SECONDS)) as connection:
        connection.request("GET", "/fake/sent")
        found: list[dict[str, Any]] = json.loads(connection.getresponse().read())
        return found

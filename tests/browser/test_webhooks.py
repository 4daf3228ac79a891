"""Webhooks on pages: how they stand and why, what became of each message, a test, and sending again."""

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWER_SECONDS, Site, Visit
from tests.browser.fake_webhooks import ACTIVE, NEW, SECRET, STOPPED


def test_a_webhook_that_was_stopped_says_why(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/webhooks")
    page.get_by_role("link", name="https://old.example/changes").click()
    expect(page.get_by_role("note")).to_contain_text("answered 410")
    page.get_by_role("button", name="Activate").click()
    assert _asked(site)[-1]["path"] == f"{STOPPED}/activate"


def test_one_that_fails_says_since_when_and_when_it_is_tried_again(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/webhooks/{ACTIVE}")
    expect(page.get_by_role("note")).to_contain_text("in 3 attempts")
    expect(page.get_by_role("note")).to_contain_text("Next attempt")


def test_the_log_tells_every_attempt_and_names_only_what_its_reader_may_see(
    page: Page, site: Site
) -> None:
    page.goto(f"{site.address}/webhooks/{ACTIVE}")
    log = page.get_by_role("region", name="Delivery log")
    expect(log.locator("li:has-text('Ceasefire line walk')").first).to_contain_text("503")
    expect(log).to_contain_text("no answer in time")
    expect(log).to_contain_text("a record not shown to you")
    log.get_by_role("link", name="Delivered").click()
    expect(page.locator(".history > li")).to_have_count(1)


def test_a_test_is_sent(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/webhooks/{ACTIVE}")
    page.get_by_role("button", name="Send a test").click()
    assert _asked(site)[-1]["path"] == f"{ACTIVE}/ping"


def test_what_is_ticked_is_sent_again(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/webhooks/{ACTIVE}")
    page.locator("input[name=message]").last.check()
    page.get_by_role("button", name="Send again").click()
    assert _asked(site)[-1]["ids"] == [f"{11:032x}"]


def test_a_period_is_sent_again(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/webhooks/{ACTIVE}")
    page.fill("#since_date", "2026-11-01")
    page.fill("#until_date", "2026-11-02")
    page.fill("#until_time", "12:30")
    page.get_by_role("button", name="Send again").click()
    sent = _asked(site)[-1]
    assert sent["ids"] is None
    assert sent["period"] == ["2026-11-01T00:00:00+00:00", "2026-11-02T12:30:00+00:00"]


def test_with_nothing_named_the_form_says_what_is_missing(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/webhooks/{ACTIVE}")
    page.get_by_role("button", name="Send again").click()
    assert page.get_attribute("#since_date", "aria-invalid") == "true"


def test_a_receiver_that_does_not_prove_itself_is_told_of_in_words(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/webhooks/{NEW}")
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_role("alert")).to_contain_text("did not accept the challenge")


def test_a_new_secret_is_shown_once(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/webhooks/{ACTIVE}")
    page.locator("summary:has-text('New secret')").click()
    page.get_by_role("button", name="Give a new secret").click()
    expect(page.locator("#secret")).to_have_value(SECRET)
    page.get_by_role("link", name="I have handed it over").click()
    assert SECRET not in page.content()


def test_whoever_has_none_is_told_how_one_is_made(visit: Visit) -> None:
    page = visit("ngo-forum", scripts=False).open("/webhooks")
    expect(page.locator(".empty")).to_contain_text("A client registers one itself")
    answer = page.goto(page.url + f"/{ACTIVE}")
    assert answer
    assert answer.status == 404


def _asked(site: Site) -> list[dict[str, Any]]:  # Any: JSON
    """What was asked of webhooks, oldest first."""
    host = site.address.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=ANSWER_SECONDS)) as connection:
        connection.request("GET", "/fake/webhooks")
        found: list[dict[str, Any]] = json.loads(connection.getresponse().read())
        return found

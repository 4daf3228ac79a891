"""Pages read as of a past moment say so, keep to it, and offer the way back."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.fake_world import an_id

THEN = "2026-01-02T10:00:00Z"
RECORD = f"/engagements/{an_id('engagement', 4)}"
NOTICE = "You see what was known at 2 Jan 2026, 10:00Z"


def test_a_page_of_the_past_says_so_and_leads_back(visit: Visit) -> None:
    page = visit("liaison-officer", scripts=False).open(f"{RECORD}?as_of={THEN}")
    expect(page.locator(".as-of-notice")).to_contain_text(NOTICE, use_inner_text=True)
    page.get_by_role("link", name="Back to now").click()
    expect(page.locator(".as-of-notice")).to_have_count(0)
    assert page.url.endswith(RECORD)


def test_links_between_pages_keep_to_the_moment(visit: Visit) -> None:
    page = visit("liaison-officer", scripts=False).open(f"/engagements?as_of={THEN}")
    page.locator(".rows .title a").first.click()
    expect(page.locator(".as-of-notice")).to_contain_text(NOTICE, use_inner_text=True)


def test_a_page_of_the_past_does_not_listen_and_offers_no_step(visit: Visit) -> None:
    page = visit("liaison-officer", scripts=False).open(f"{RECORD}?as_of={THEN}")
    expect(page.locator("#live")).to_have_count(0)
    assert page.locator(".steps").count() == page.locator(".steps:not(:visible)").count()


def test_the_form_takes_the_missions_own_time(visit: Visit) -> None:
    page = visit("liaison-officer", scripts=False).open(RECORD)
    page.get_by_text("As known at").click()
    page.fill("#as-of", "2026-01-02T12:00")  # Juba is two hours ahead of UTC
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".as-of-notice")).to_contain_text(NOTICE, use_inner_text=True)


def test_history_leads_to_the_record_as_it_was_then(visit: Visit) -> None:
    page = visit("liaison-officer", scripts=False).open(f"{RECORD}?tab=history")
    page.get_by_role("link", name="As it was then").first.click()
    expect(page.locator(".as-of-notice")).to_have_count(1)


@pytest.mark.parametrize("path", ["/commitments", "/commitments?view=table", "/search?q=cattle"])
def test_boards_and_lists_can_be_read_as_of_a_moment(visit: Visit, path: str) -> None:
    page = visit("liaison-officer", scripts=False).open(path)
    page.get_by_text("As known at").click()
    page.fill("#as-of", "2026-01-02T12:00")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".as-of-notice")).to_contain_text(NOTICE, use_inner_text=True)


def test_the_timeline_of_a_past_moment_has_its_today_there(visit: Visit) -> None:
    page = visit("liaison-officer", scripts=False).open(f"/timeline?view=month&as_of={THEN}")
    assert page.locator("[aria-current=date] time").get_attribute("datetime") == "2026-01-02"
    page.get_by_role("link", name="Later").click()
    expect(page.locator(".as-of-notice")).to_have_count(1)

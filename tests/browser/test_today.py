"""Today: numbers that link to what they count, and panels that fail alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.fake_world import an_id

KEYS = (
    "engagements_today",
    "engagements_week",
    "debriefs_due",
    "unconfirmed_soon",
    "unplaced",
    "organisations",
)


@pytest.fixture
def without_summary(site: Site) -> Iterator[None]:
    site.take_down("/summary")
    yield
    site.take_down()


@pytest.mark.parametrize("key", KEYS)
def test_a_number_links_to_exactly_the_list_it_counts(visit: Visit, key: str) -> None:
    page = visit(scripts=False).open("/")
    counted = int(page.locator(f"#number-{key} b").inner_text())
    page.click(f"#number-{key}")
    expect(page.locator("[data-row]")).to_have_count(counted)
    assert page.get_attribute("#count", "data-count") == str(counted)


def test_promises_that_are_due_stand_on_today_the_longest_overdue_first(visit: Visit) -> None:
    page = visit(scripts=False).open("/")
    due = page.locator(".due li")
    days = due.locator("time").evaluate_all("all => all.map((one) => one.dateTime)")
    assert len(days) == due.count() > 1
    assert days == sorted(days)
    due.locator("a").first.click()
    page.wait_for_url("**/commitments/**")


@pytest.mark.usefixtures("without_summary")
def test_a_panel_whose_service_is_down_says_so_and_the_page_stands(visit: Visit) -> None:
    visitor = visit()
    page = visitor.context.new_page()
    answer = page.goto(visitor.site.address + "/")
    assert answer
    assert answer.status == 200
    expect(page.get_by_text("This panel could not be loaded")).to_have_count(1)
    expect(page.locator("#map")).to_have_count(1)


def test_numbers_already_shown_stay_while_their_service_is_down(visit: Visit, site: Site) -> None:
    page = visit().open("/")
    page.wait_for_selector("#connection[data-state=live]")
    site.take_down("/summary")
    site.change(an_id("engagement", 10), "Nobody is told of this title")
    expect(page.locator("#today-panels.stale")).to_be_attached()
    assert page.locator("#number-unplaced b").inner_text().isdigit()
    site.take_down()


def test_the_map_shows_the_records_and_lists_them_as_well(visit: Visit) -> None:
    page = visit().open("/")
    page.wait_for_selector("#map[data-features]")
    page.click("text=Show as a list")
    assert page.locator("#map-twin li").count() == int(
        page.get_attribute("#map", "data-features") or 0
    )

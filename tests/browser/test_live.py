"""Pages that change while they are open, without a reload and without getting in the way."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.fake_world import an_id

LIVE = "#connection[data-state=live]"


def test_a_change_appears_on_today_without_a_reload(visit: Visit, site: Site) -> None:
    page = visit().open("/")
    page.wait_for_selector(LIVE)
    page.evaluate("window.notReloaded = true")
    site.change(an_id("engagement", 1), "Seen on Today at once")
    expect(page.get_by_text("Seen on Today at once")).to_be_visible()
    assert page.evaluate("window.notReloaded")


def test_a_row_of_a_list_changes_where_it_is(visit: Visit, site: Site) -> None:
    page = visit().open("/engagements")
    page.wait_for_selector(LIVE)
    before = page.locator("[data-row]").all_inner_texts()
    site.change(an_id("engagement", 5), "A row that changed")
    expect(page.locator(f"#row-{an_id('engagement', 5)}")).to_contain_text("A row that changed")
    assert len(page.locator("[data-row]").all_inner_texts()) == len(before)


def test_a_new_record_waits_behind_a_bar_instead_of_pushing_the_list(
    visit: Visit, site: Site
) -> None:
    page = visit().open("/engagements?q=Arrives")
    page.wait_for_selector(LIVE)
    site.change(an_id("engagement", 6), "Arrives while the list is open")
    button = page.get_by_role("button", name="1 new · Show")
    expect(button).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(0)
    button.click()
    expect(page.locator("[data-row]")).to_have_count(1)


def test_changes_missed_while_the_link_was_down_are_replayed(visit: Visit, site: Site) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.wait_for_selector(LIVE)
    visitor.context.set_offline(True)
    page.wait_for_selector("#connection:not([data-state=live])")
    site.change(an_id("engagement", 2), "Said while nobody listened")
    visitor.context.set_offline(False)
    expect(page.get_by_text("Said while nobody listened")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_the_words_of_a_lost_link_fit_a_small_screen(visit: Visit, lang: str) -> None:
    visitor = visit(width=320, lang=lang)
    page = visitor.open("/backbone")
    page.wait_for_selector(LIVE)
    visitor.context.set_offline(True)
    page.wait_for_selector("#connection[data-state=offline]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_panel_that_changes_leaves_the_text_being_typed_alone(visit: Visit, site: Site) -> None:
    page = visit().open("/")
    page.wait_for_selector(LIVE)
    page.click("#search")
    page.keyboard.type("half a wo")
    page.keyboard.press("ArrowLeft")
    site.change(an_id("engagement", 3), "Changed while somebody types")
    expect(page.get_by_text("Changed while somebody types")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "search"
    assert page.evaluate("document.activeElement.selectionStart") == len("half a w")


def test_the_focus_stays_on_a_link_of_a_panel_that_changes(visit: Visit, site: Site) -> None:
    page = visit().open("/")
    page.wait_for_selector(LIVE)
    page.focus("#number-unplaced")
    site.change(an_id("engagement", 4), "Changed under the focus")
    expect(page.get_by_text("Changed under the focus")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "number-unplaced"


def test_a_record_that_is_no_longer_releasable_leaves_the_open_page(
    visit: Visit, site: Site
) -> None:
    page = visit("ngo-forum").open(f"/engagements/{an_id('engagement', 12)}")
    page.wait_for_selector(LIVE)
    site.hide(an_id("engagement", 12))
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")

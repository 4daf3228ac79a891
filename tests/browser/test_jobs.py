"""Exports and imports on the pages, without scripts: asked for from a list, looked at, stopped."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.fake_jobs import EXPORTED, IMPORTING


def test_a_list_is_exported_with_the_filters_it_has(visit: Visit) -> None:
    page = visit(scripts=False).open("/organisations?q=relief")
    page.locator("summary:has-text('Export')").click()
    page.get_by_label("Format").select_option("hxl")
    page.get_by_role("button", name="Export what this list shows").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Export: Organisations")
    expect(page.locator("dl.wide")).to_contain_text("a table with HXL hashtags")
    expect(page.locator(".status")).to_have_text("Waiting its turn")


def test_a_file_is_fetched_from_the_page_of_its_job(visit: Visit) -> None:
    page = visit(scripts=False).open("/jobs")
    page.get_by_role("link", name="Export: Engagements").first.click()
    link = page.get_by_role("link", name="Fetch the file")
    expect(link).to_have_attribute("href", f"/v1/jobs/{EXPORTED}/file")


def test_an_import_says_how_far_it_is_and_what_was_refused(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/jobs/{IMPORTING}")
    expect(page.locator(".record-marks")).to_contain_text("40 of 120 rows")
    expect(page.locator("progress")).to_have_attribute("value", "40")
    expect(page.locator("tbody tr").first).to_contain_text("/colour")
    expect(page.locator(".notice.warn")).to_contain_text("Couleur")
    page.get_by_role("link", name="More").click()
    expect(page).to_have_url(f"{page.url.partition('?')[0]}?cursor=more#refused-title")


def test_whoever_asked_for_nothing_is_told_how(visit: Visit) -> None:
    page = visit("ngo-forum", scripts=False).open("/jobs")
    expect(page.locator(".empty")).to_contain_text("Every list can be exported")

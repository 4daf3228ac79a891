"""The backbone's page: how everything stands, for administrators only."""

from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.fake_world import an_id


def test_the_backbone_shows_heads_reasons_and_rebuilds_without_scripts(visit: Visit) -> None:
    page = visit(scripts=False).open("/backbone")
    expect(page.locator("#head-contacts")).to_contain_text("12")
    expect(page.get_by_text("the stream and the store differ at position 41")).to_be_visible()
    expect(page.get_by_text("stream_tampered")).to_be_visible()
    expect(page.get_by_text("Times the stream was filled anew")).to_have_count(1)
    expect(page.get_by_text("42: engagement.planned.v1")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "30")


def test_the_backbone_changes_without_a_reload(visit: Visit, site: Site) -> None:
    page = visit().open("/backbone")
    page.wait_for_selector("#connection[data-state=live]")
    page.evaluate("window.notReloaded = true")
    before = page.locator("#head-contacts").inner_text()
    site.change(an_id("engagement", 1), "Something happens")
    expect(page.locator("#head-contacts")).not_to_have_text(before)
    assert page.evaluate("window.notReloaded")


def test_a_service_that_does_not_answer_takes_no_other_with_it(visit: Visit, site: Site) -> None:
    site.take_down("engagements")
    try:
        page = visit(scripts=False).open("/backbone")
        expect(page.get_by_text("This panel could not be loaded")).to_have_count(1)
        expect(page.locator("#head-contacts")).to_be_visible()
    finally:
        site.take_down()


def test_to_everybody_else_the_backbone_is_no_page(visit: Visit) -> None:
    visitor = visit("ngo-forum")
    there = visitor.open("/backbone")
    elsewhere = visitor.open("/no-such-page")
    assert there.locator("main").inner_text() == elsewhere.locator("main").inner_text()
    assert visitor.context.request.get(visitor.site.address + "/backbone").status == 404

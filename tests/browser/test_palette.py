"""The command palette by keyboard alone, and saved views: kept, found, begun with, and not for everybody."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

LIVE = "#connection[data-state=live]"


def test_the_palette_goes_to_a_page_by_keyboard_alone(visit: Visit) -> None:
    page = _palette(visit, "timel")
    field = page.locator("#palette-q")
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    expect(field).to_have_attribute("aria-activedescendant", "palette-option-0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Timeline")


def test_the_palette_finds_records_while_typing(visit: Visit) -> None:
    page = _palette(visit, "cattle keep")
    expect(page.locator("#palette [role=option]").first).to_contain_text("Cattle Keepers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cattle Keepers")


def test_escape_closes_the_palette_and_the_focus_returns(visit: Visit) -> None:
    page = visit().open("/engagements")
    page.wait_for_selector(LIVE)
    page.focus("#search")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_focused()


def test_a_view_is_saved_found_renamed_begun_with_and_deleted(visit: Visit) -> None:
    page = visit(scripts=False).open("/engagements?status=held&from=-7d")
    page.click("text=Save this view")
    page.fill("#name", "What was held")
    page.click("main button")
    item = page.locator(".saved-views > li", has_text="What was held")
    item.locator("input[name=name]").fill("Held this week")
    item.get_by_role("button", name="Rename").click()
    item = page.locator(".saved-views > li", has_text="Held this week")
    item.get_by_role("button", name="Begin with this").click()
    page.click("a.brand")
    page.wait_for_url("**status=held**")
    assert "from=-7d" in page.url
    page.click("text=Saved views")
    item.get_by_role("button", name="Delete").click()
    expect(item).to_have_count(0)


def test_a_view_for_the_organisation_can_keep_the_dates_of_today(visit: Visit) -> None:
    page = visit(scripts=False).open("/timeline?from=-7d&to=today")
    page.click("text=Save this view")
    page.fill("#name", "The week before")
    page.check("input[value=organisation]")
    page.check("input[name=frozen]")
    page.click("main button")
    address = page.locator(".saved-name", has_text="The week before").get_attribute("href")
    assert "-7d" not in str(address)


def test_a_view_is_not_shown_to_another_organisation(visit: Visit) -> None:
    page = visit(scripts=False).open("/views/new?to=/map")
    page.fill("#name", "SECRET-VIEW")
    page.check("input[value=organisation]")
    page.click("main button")
    assert "SECRET-VIEW" in page.content()
    assert "SECRET-VIEW" not in visit("ngo-forum", scripts=False).open("/views").content()


def test_no_view_leads_to_another_site(visit: Visit) -> None:
    page = visit(scripts=False).open("/views/new?to=https://elsewhere.example/map")
    assert page.input_value("input[name=to]") == "/engagements"


def _palette(visit: Visit, typed: str) -> Page:
    page = visit().open("/places")
    page.wait_for_selector(LIVE)
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette [role=option]")
    page.keyboard.type(typed)
    return page

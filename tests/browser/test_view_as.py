"""Viewing as others: offered to whom it is for, said on every page and sheet, without anything to order."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import assert_well_made
from tests.browser.conftest import Site, Visit, Visitor
from tests.browser.fake_people import CHIEF
from tests.browser.fake_world import an_id
from tests.browser.pdf_text import sheets
from tests.browser.test_every_page import SMALLEST_SCREEN

WHO, BANNER = "liaison-officer", "#viewing"
PURPLE = "rgb(107, 33, 168)"
NGO = "You are previewing as: Non-governmental organisations"
READING = (
    "/", "/engagements", f"/engagements/{an_id('engagement', 3)}", "/commitments", "/contacts", "/posts",
    f"/commitments/{an_id('commitment', 2)}", f"/people/{CHIEF}", "/places", "/map", "/timeline",
    "/search?q=talks", f"/records/{an_id('engagement', 3)}/access", "/organisations", "/more",
)  # fmt: skip
FRAME_PIXELS = 5
# How far the words of the two labels are from the edges of the screen, at the end of the page.
FREE = """() => {
  scrollTo(0, document.documentElement.scrollHeight);
  const [top, bottom] = ["top", "bottom"].map((end) => {
    const words = document.createRange();
    words.selectNodeContents(document.getElementById(`banner-${end}`));
    return words.getBoundingClientRect();
  });
  return [top.top, innerHeight - bottom.bottom];
}"""
ORDERS = "[...document.querySelectorAll('form[method=post]')].map((form) => form.action)"
LINKS = "[...document.links].map((link) => link.pathname)"
FRAME = """() => {
  const frame = getComputedStyle(document.body, "::after");
  return [frame.position, frame.borderTopColor];
}"""
SCREENS = (1366, SMALLEST_SCREEN)
ROWS = "[...document.querySelectorAll('[data-row]')].map((row) => row.dataset.id)"


@pytest.fixture(autouse=True)
def before(site: Site) -> None:
    """Each test begins with everybody in his own view."""
    site.own_views()


@pytest.fixture
def officer(visit: Visit) -> Visitor:
    """Without scripts."""
    return visit(WHO, scripts=False)


def views_as(visitor: Visitor, audience: str = "ngo") -> Page:
    page = visitor.open("/view-as")
    _chosen(page, audience)
    return page


def test_it_begins_from_the_menu_and_ends_by_the_banner(officer: Visitor) -> None:
    page = officer.open("/engagements")
    page.locator("summary[aria-label='You and what you may see']").click()
    page.get_by_role("link", name="View as others").click()
    page.select_option("#audience", "ngo")
    page.get_by_role("button", name="View as them").click()
    expect(page.locator(BANNER)).to_contain_text(NGO)
    page.goto(officer.site.address + "/engagements?status=held")
    page.get_by_role("button", name="Back to your own view").click()
    expect(page.locator(BANNER)).to_have_count(0)
    assert page.url.endswith("/engagements?status=held")


@pytest.mark.parametrize("width", SCREENS)
def test_the_frame_covers_nothing_of_a_label(visit: Visit, width: int) -> None:
    page = views_as(visit(WHO, scripts=False, width=width))
    over, under = page.evaluate(FREE)
    assert over >= FRAME_PIXELS
    assert under >= FRAME_PIXELS


def test_it_shows_what_both_read_and_nothing_else(visit: Visit, officer: Visitor) -> None:
    path = "/engagements?status="
    own = set(officer.open(path).evaluate(ROWS))
    theirs = set(visit("ngo-forum", scripts=False).open(path).evaluate(ROWS))
    page = views_as(officer)
    page.goto(officer.site.address + path)
    assert set(page.evaluate(ROWS)) == own & theirs
    assert own & theirs < own
    page.goto(f"{officer.site.address}/engagements/{an_id('engagement', 3)}")
    expect(page.locator(".withheld")).to_have_count(4)
    assert "SECRET-" not in page.content()


def test_a_purple_frame_stands_around_every_page_and_none_offers_anything_to_order(
    officer: Visitor,
) -> None:
    page, address = views_as(officer), officer.site.address
    led: set[str] = set()
    for path in READING:
        page.goto(address + path)
        _assert_framed(page)
        offered = {f"{address}/view-as/leave", f"{address}/sign-out"}
        assert set(page.evaluate(ORDERS)) == offered, path
        led |= set(page.evaluate(LINKS))
    asked = officer.context.request
    refused = [at for at in sorted(led) if asked.get(address + at).status == 403]
    assert refused == []
    assert len(led) > len(READING)


@pytest.mark.parametrize("path", ["/engagements/new", "/no-such-page"])
def test_the_frame_stands_around_what_is_refused_and_what_is_not_there(
    officer: Visitor, path: str
) -> None:
    page = views_as(officer)
    page.goto(officer.site.address + path)
    _assert_framed(page)


def test_what_is_sent_all_the_same_is_refused_with_a_reason(officer: Visitor) -> None:
    views_as(officer)
    form: dict[str, str | float | bool] = {"csrf_token": "a-token", "key": "k", "name": "x"}
    for path in ("/engagements/new", "/views/new", "/view-as", "/emergency", "/debrief"):
        answer = officer.context.request.post(officer.site.address + path, form=form)
        assert (answer.status, "go back to your own view first" in answer.text()) == (403, True)


def test_an_organisation_is_called_by_its_name(officer: Visitor) -> None:
    page = views_as(officer, f"org:{an_id('organisation', 3)}")
    expect(page.locator(BANNER)).to_contain_text("You are previewing as: Invented Relief")


def test_what_is_missing_is_said_beside_its_field(officer: Visitor) -> None:
    page = officer.open("/view-as")
    page.get_by_role("button", name="View as them").click()
    expect(page.locator("#e-audience-1")).to_have_text("Choose as whom.")
    expect(page.locator(BANNER)).to_have_count(0)


def test_it_is_offered_to_nobody_whose_role_has_it_not(visit: Visit) -> None:
    visitor = visit("ngo-forum", scripts=False)
    expect(visitor.open("/view-as").locator("h1")).to_have_text("Not allowed")
    assert 'href="/view-as"' not in visitor.open("/more").content()


def test_every_sheet_says_as_whom_it_was_printed(officer: Visitor) -> None:
    page = views_as(officer)
    page.goto(officer.site.address + "/engagements")
    found = sheets(page.pdf(prefer_css_page_size=True))
    assert found
    assert all(NGO.replace(" ", "") in sheet for sheet in found)
    assert "Backtoyourownview" not in "".join(found)


@pytest.mark.parametrize("path", ["/engagements", f"/engagements/{an_id('engagement', 3)}"])
def test_a_page_that_was_open_before_loads_anew_when_it_asks_for_more(
    visit: Visit, site: Site, path: str
) -> None:
    visitor = visit(WHO)
    before = visitor.open(path)
    before.wait_for_selector("#connection[data-state=live]")
    views_as(visitor)
    expect(before.locator(BANNER)).to_have_count(0)
    site.change(an_id("engagement", 3), "Changed meanwhile")
    expect(before.locator(BANNER)).to_be_visible()
    site.own_views()
    site.change(an_id("engagement", 3), "Changed again")
    expect(before.locator(BANNER)).to_have_count(0)
    assert visitor.complaints == []


def test_security_officers_see_as_whom_somebody_looked(visit: Visit) -> None:
    page = visit(WHO, scripts=False).open("/access/people")
    page.locator("[data-row] a").first.click()
    shown = page.get_by_role("region", name="Viewed as others")
    expect(shown).to_contain_text("Non-governmental organisations")


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_form_and_banner_have_no_barrier_and_fit_the_smallest_screen(
    visit: Visit, lang: str
) -> None:
    page = visit(WHO, lang=lang).open("/view-as")
    assert_well_made(page, *SCREENS)
    _chosen(page, "ngo")
    assert_well_made(page, *SCREENS)


def _chosen(page: Page, audience: str) -> None:
    page.select_option("#audience", audience)
    page.locator("main form button[type=submit]").click()
    expect(page.locator(BANNER)).to_be_visible()


def _assert_framed(page: Page) -> None:
    expect(page.locator(BANNER)).to_contain_text(NGO)
    assert page.evaluate(FRAME) == ["fixed", PURPLE]

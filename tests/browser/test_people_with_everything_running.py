"""People on the pages with all services behind them: from the first form to a merger and back."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.entering import signed_in
from tests.stack.installation import Installation


@pytest.fixture(scope="module")
def page(browser: Browser, installation: Installation) -> Iterator[Page]:
    with signed_in(browser, installation, "liaison-officer") as opened:
        yield opened


@pytest.fixture(scope="module")
def chief(page: Page, installation: Installation) -> str:
    """The path of a person recorded through the form, with a name and a number to reach them."""
    return recorded(page, installation, "Paramount chief of the river villages", _name("Deng"))


def test_a_person_is_recorded_named_tied_and_given_a_language(page: Page, chief: str) -> None:
    page.goto(chief + "/language")
    page.fill("#language", "din")
    page.select_option("#listening", "5")
    _record(page)
    expect(page.get_by_text("SLP 5555")).to_be_visible()
    page.goto(chief + "/alias")
    page.fill("#alias", "دينق")
    page.fill("#latin", "Dinq")
    _record(page)
    expect(page.locator("bdi[lang=und-Arab]")).to_have_text("دينق")
    page.goto(chief + "/rename")
    page.fill("#form_of_address", "Chief")
    _record(page)
    expect(page.locator("bdi[lang=und-Arab]")).to_have_text("دينق")
    page.goto(chief + "/protocol")
    page.fill("#text_0", "Greet the elders first")
    _record(page)
    expect(page.get_by_text("Greet the elders first")).to_be_visible()


def test_contact_details_come_only_with_a_reason(page: Page, chief: str) -> None:
    page.goto(chief)
    assert "+211 000" not in page.content()
    page.click("text=Show contact details")
    page.fill("#reason", "The meeting has to be moved")
    page.locator("main .form-foot button").first.click()
    expect(page.locator("#details")).to_contain_text("+211 000")
    page.goto(chief + "?tab=history")
    expect(page.get_by_text("Contact details read")).to_be_visible()


def test_a_post_outlives_its_holders(page: Page, installation: Installation, chief: str) -> None:
    url = installation.gateway_url
    page.goto(f"{url}/posts/new")
    page.fill("#name", "Chair of the river committee")
    page.get_by_role("button", name="Record the post").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chair of the river committee")
    post = page.url
    page.goto(f"{post}/take?person={chief.rsplit('/', 1)[1]}&since=2024-03-01")
    _record(page)
    expect(page.get_by_text("1 Mar 2024 – today")).to_be_visible()
    page.goto(chief)
    expect(page.get_by_role("link", name="Chair of the river committee")).to_be_visible()
    page.goto(post + "/leave")
    page.fill("#until", "2025-05-31")
    _record(page)
    expect(page.get_by_text("1 Mar 2024 – 31 May 2025")).to_be_visible()


def test_a_merger_leads_on_and_is_undone(
    page: Page, installation: Installation, chief: str
) -> None:
    name = _name("Ferryman")
    twice = recorded(page, installation, "Chief met at the ferry", name)
    page.goto(chief)
    goes_on = page.locator("h1").inner_text()
    page.goto(twice + "/merge")
    page.fill("#target", goes_on)
    page.click("text=See what happens")
    page.locator("main .form-foot button").click()
    page.click("main .notice a")
    expect(page.get_by_text("Also recorded as")).to_be_visible()
    page.goto(twice)
    page.click("text=Undo the merger")
    page.locator("main .form-foot button").click()
    expect(page.locator(".status-active")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_an_ngo_meets_a_chief_without_a_name(
    browser: Browser, installation: Installation, page: Page, chief: str
) -> None:
    page.goto(chief)
    name = page.locator("h1").inner_text()
    with signed_in(browser, installation, "ngo-forum") as ngo:
        ngo.goto(chief)
        expect(ngo.get_by_role("heading", level=1)).to_have_text(
            "Paramount chief of the river villages"
        )
        shown = ngo.content()
        ngo.goto(f"{installation.gateway_url}/people")
        assert name not in shown + ngo.content()


def recorded(page: Page, installation: Installation, described: str, name: str) -> str:
    page.goto(f"{installation.gateway_url}/people/new")
    page.fill("#described_as", described)
    page.fill("#name", name)
    page.click("summary:has-text('Protocol and contact details')")
    page.fill("#contact", "+211 000 000 000")
    page.get_by_role("button", name="Record the person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.url


def _record(page: Page) -> None:
    page.locator("main .form-foot button").click()
    expect(page.locator("#form-errors")).to_have_count(0)


def _name(first: str) -> str:
    return f"{first} Invented {uuid4().hex[:8]}"

"""The daily work with all services behind the pages: a debrief, its promises, evidence, and who sees them."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.entering import signed_in
from tests.stack.installation import Installation

READY = "form[data-ready=yes]"


def test_a_debrief_becomes_a_record_and_a_promise_that_is_kept_with_a_file(
    browser: Browser, installation: Installation
) -> None:
    with signed_in(browser, installation, "liaison-officer") as page:
        _debriefed(page, installation)
        _kept_with_a_file(page, installation)


def _debriefed(page: Page, installation: Installation) -> None:
    page.goto(f"{installation.gateway_url}/debrief")
    page.wait_for_selector(READY)
    page.fill("#purpose", "Debriefed on the page")
    page.fill("#who_0", "Elder of the page")
    page.fill("#summary", "Said on the page, with all services.")
    page.fill("#what_0", "Paint the signs of the page")
    page.fill("#due_0", "+7d")
    page.keyboard.press("Control+Enter")


def _kept_with_a_file(page: Page, installation: Installation) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Debriefed on the page")
    expect(page.get_by_text("Said on the page, with all services.")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Paint the signs of the page").click()
    expect(page.locator("main")).to_contain_text("Elder of the page")
    page.set_input_files(
        "#file", {"name": "signs.txt", "mimeType": "text/plain", "buffer": b"painted on Tuesday"}
    )
    page.click(".upload button")
    link = page.get_by_role("link", name="signs.txt")
    got = page.request.get(installation.gateway_url + str(link.get_attribute("href")))
    assert got.body() == b"painted on Tuesday"
    page.get_by_role("link", name="It was kept").click()
    page.check("input[name=attachments]")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".status-kept")).to_be_visible()

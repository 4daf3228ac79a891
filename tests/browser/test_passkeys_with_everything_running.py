"""Passkeys in a real browser with a device of its own: made on one's page, used at the door, removed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import guest
from tests.stack.installation import Installation

WHO = "duty-officer"


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Iterator[Page]:
    """Where nobody is signed in, with a device that knows its person."""
    with guest(browser, base_url=installation.gateway_url) as context:
        opened = context.new_page()
        devices = context.new_cdp_session(opened)
        devices.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield opened


def test_a_passkey_is_made_used_and_removed(page: Page, installation: Installation) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    line = next(each for each in installation.demo["personas"] if each["id"] == WHO)
    page.goto("/sign-in?next=/account")
    page.fill("#username", line["username"])
    page.fill("#password", line["password"])
    page.locator("form[action='/sign-in'] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Passkeys")
    page.fill("#passkey-name", "Duty laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("#name-1")).to_have_value("Duty laptop")
    _sign_out(page)
    page.goto("/sign-in?next=/account")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Passkeys")
    page.fill("#name-1", "Night laptop")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("#name-1")).to_have_value("Night laptop")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("main")).to_contain_text("You have none yet.")
    _sign_out(page)
    assert complaints == []
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-passkey-enter] [role=alert]")).to_contain_text("lets nobody in")


def _sign_out(page: Page) -> None:
    page.locator("summary[aria-label^='You and what']").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#username")).to_be_visible()

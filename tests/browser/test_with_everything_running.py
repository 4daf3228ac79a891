"""Pages with all services behind them: a partner's write, an open page, and what each reader gets of it."""

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsers import guest
from tests.browser.entering import signed_in
from tests.stack.installation import Installation

ANSWER_SECONDS = 20
LIVE = "#connection[data-state=live]"
Json = dict[str, Any]  # Any: what the gateway says


def test_a_partners_write_appears_on_an_open_page_without_a_reload(
    browser: Browser, installation: Installation
) -> None:
    with signed_in(browser, installation, "ops-centre") as page:
        page.wait_for_selector(LIVE)
        page.evaluate("window.notReloaded = true")
        _planned(installation, "liaison-officer", "Seen as it was written")
        expect(page.get_by_text("Seen as it was written")).to_be_visible()
        assert page.evaluate("window.notReloaded")


def test_a_plan_made_on_the_page_is_there_when_the_page_comes_back(
    browser: Browser, installation: Installation
) -> None:
    with signed_in(browser, installation, "liaison-officer") as page:
        page.goto(f"{installation.gateway_url}/engagements/new")
        page.fill("#purpose", "Planned on the page")
        page.select_option("#type", "ceremony")
        page.click('summary:has-text("Our side\'s preparation")')
        page.fill("#talking_points", "Only for our own side")
        page.click("text=Record it")
        expect(page.get_by_role("heading", level=1)).to_have_text("Planned on the page")
        expect(page.get_by_text("Only for our own side")).to_be_visible()
        page.get_by_role("button", name="Confirm").click()
        expect(page.locator(".status-confirmed")).to_be_visible()


@pytest.mark.parametrize("persona", ["ngo-forum", "municipality", "security-officer"])
def test_what_is_not_releasable_is_nowhere_on_the_pages(
    browser: Browser, installation: Installation, persona: str
) -> None:
    token = f"zq{uuid4().hex}"
    hidden = _planned(installation, "liaison-officer", token)
    with signed_in(browser, installation, persona) as page:
        shown = [page.content()]
        for path in ("/engagements", f"/search?q={token}", f"/engagements/{hidden}"):
            page.goto(installation.gateway_url + path)
            shown.append(_without_the_question(page.content(), token))
    assert token not in "".join(shown)


def _without_the_question(content: str, token: str) -> str:
    """A page says what was asked for in its field, its addresses, and addresses inside of them."""
    for asked in (f'value="{token}"', f"q={token}", f"q%3D{token}"):
        content = content.replace(asked, "")
    return content


def test_signing_out_ends_the_session(browser: Browser, installation: Installation) -> None:
    with signed_in(browser, installation, "un-agency") as page:
        page.click("summary[aria-label='You and what you may see']")
        page.click("text=Sign out")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.goto(installation.gateway_url + "/engagements")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_wrong_password_is_refused_in_words(browser: Browser, installation: Installation) -> None:
    with guest(browser) as context:
        page = context.new_page()
        page.goto(installation.gateway_url + "/sign-in")
        page.fill("#username", "nobody-of-this-name")
        page.fill("#password", "wrong")
        page.locator("main button[type=submit]").click()
        expect(page.locator("p[role=alert]")).to_contain_text("not right")


def _planned(installation: Installation, persona: str, purpose: str) -> str:
    """The id of an engagement this persona's system wrote, for the military component and headquarters."""
    who = _persona(installation, persona)
    asked = {
        "grant_type": "client_credentials",
        "client_id": who["client_id"],
        "client_secret": who["client_secret"],
    }
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    token = _posted(installation, "/oauth/token", urlencode(asked), form)["access_token"]
    body = {"purpose": purpose, "type": "routine_liaison", "starts_at": "2030-01-02T09:00:00Z"}
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": uuid4().hex,
    }
    return str(_posted(installation, "/v1/engagements", json.dumps(body), headers)["id"])


def _posted(installation: Installation, path: str, body: str, headers: dict[str, str]) -> Json:
    host = installation.gateway_url.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=ANSWER_SECONDS)) as connection:
        connection.request("POST", path, body, headers)
        answered: Json = json.loads(connection.getresponse().read())
        return answered


def _persona(installation: Installation, wanted: str) -> Json:
    found: Json = next(one for one in installation.demo["personas"] if one["id"] == wanted)
    return found

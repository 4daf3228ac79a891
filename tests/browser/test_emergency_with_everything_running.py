"""Emergency access with all services behind the pages: opened at night, told to the owner at once, judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.entering import signed_in
from tests.stack.installation import Installation

LIVE = "#connection[data-state=live]"
# The notice on Today is asked for every ten seconds.
AT_ONCE_MILLISECONDS = 20_000
REASON = "Ambush reported; who is at the meeting must be warned"
PROTECTED = {"level": "unclassified", "releasable_to": [["all"]], "caveats": ["PROTECTION"]}


@dataclass(frozen=True)
class Meeting:
    """A meeting of the liaison officer's: whom it names, and from whom it is known."""

    path: str
    purpose: str
    name: str
    source: str


@pytest.fixture(scope="module")
def amina(browser: Browser, installation: Installation) -> Iterator[Page]:
    with signed_in(browser, installation, "liaison-officer") as page:
        yield page


@pytest.fixture(scope="module")
def tariq(browser: Browser, installation: Installation) -> Iterator[Page]:
    """The duty officer, who holds no caveat."""
    with signed_in(browser, installation, "duty-officer") as page:
        yield page


@pytest.fixture(scope="module")
def meeting(amina: Page, installation: Installation) -> Meeting:
    """Even its source bears a caveat that can be opened, and not the one that never is."""
    words = {name: f"{name} zq{uuid4().hex[:10]}" for name in ("purpose", "name", "source")}
    body: dict[str, Any] = {
        "purpose": words["purpose"],
        "type": "routine_liaison",
        "starts_at": "2030-01-02T09:00:00Z",
        "participants": [{"name": words["name"], "side": "counterpart"}],
        "source": {"description": words["source"]},
        "group_labels": {"source": PROTECTED},
    }
    csrf = amina.get_attribute("input[name=csrf_token]", "value") or ""
    headers = {"X-CSRF-Token": csrf, "Idempotency-Key": uuid4().hex}
    answer = amina.request.post(
        f"{installation.gateway_url}/v1/engagements", data=body, headers=headers
    )
    assert answer.status == 201, answer.text()
    return Meeting(f"{installation.gateway_url}/engagements/{answer.json()['id']}", **words)


def test_from_a_name_withheld_to_a_judgement(
    browser: Browser, installation: Installation, amina: Page, tariq: Page, meeting: Meeting
) -> None:
    url = installation.gateway_url
    amina.goto(f"{url}/")
    amina.wait_for_selector(LIVE)
    assert "Read under emergency access" not in amina.inner_text("main")

    tariq.goto(meeting.path)
    expect(tariq.get_by_role("heading", level=1)).to_have_text(meeting.purpose)
    assert meeting.name not in tariq.content()
    tariq.goto(meeting.path.replace("/engagements/", "/records/") + "/access")
    tariq.get_by_role("link", name="Open emergency access").first.click()
    tariq.check("input[value=PROTECTION]")
    tariq.fill("#reason", REASON)
    tariq.get_by_role("button", name="Open it now").click()

    expect(tariq.locator("#emergency")).to_contain_text("Protection of persons")
    expect(tariq.get_by_role("heading", level=1)).to_have_text(meeting.purpose)
    expect(tariq.locator("main")).to_contain_text(meeting.name)
    assert meeting.source not in tariq.content()
    _open(tariq, f"{meeting.path}?tab=history")
    assert meeting.source not in tariq.content()

    expect(amina.locator("main")).to_contain_text(
        "Read under emergency access", timeout=AT_ONCE_MILLISECONDS
    )
    amina.get_by_role("link", name="See which, by whom and why").click()
    told = amina.get_by_role("region", name="Read under emergency access")
    expect(told).to_contain_text(meeting.purpose)
    expect(told).to_contain_text(REASON)

    with signed_in(browser, installation, "security-officer") as ioana:
        _judged(ioana, tariq, meeting, url)


def _judged(ioana: Page, tariq: Page, meeting: Meeting, url: str) -> None:
    """By the security officer, who is told that, and not what, was read."""
    ioana.get_by_role("link", name="Look at it").click()
    ioana.locator("[data-row] a").first.click()
    expect(ioana.locator("main")).to_contain_text("It can be reviewed once it is closed or over.")
    expect(ioana.locator("#looks")).to_contain_text("A record not shown to you")
    assert meeting.purpose not in ioana.content()
    ioana.get_by_role("button", name="Close it now").click()

    # Within five seconds it is over everywhere.
    _open(tariq, meeting.path)
    expect(tariq.locator("#emergency")).to_have_count(0)
    assert meeting.name not in tariq.content()

    ioana.select_option("#finding", "justified")
    ioana.fill("#note", "They were warned in time")
    ioana.get_by_role("button", name="Record the review").click()
    expect(ioana.locator("main")).to_contain_text("They were warned in time")
    _open(tariq, f"{url}/emergencies")
    expect(tariq.locator("[data-row]").first).to_contain_text("Justified")


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector(LIVE)

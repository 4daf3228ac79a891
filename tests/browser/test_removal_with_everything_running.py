"""Removing a person with all services behind the pages: nobody else learns of it, and it ends in proof."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.entering import signed_in
from tests.stack.installation import Installation

# Keys in every service, a rebuild of the read model, and files.
DONE_MILLISECONDS = 90_000
TO_ALL = {"level": "unclassified", "releasable_to": [["all"]]}


@dataclass(frozen=True)
class Person:
    name: str
    address: str


@pytest.fixture(scope="module")
def amina(browser: Browser, installation: Installation) -> Iterator[Page]:
    with signed_in(browser, installation, "liaison-officer") as page:
        yield page


@pytest.fixture(scope="module")
def chief(browser: Browser, installation: Installation) -> Iterator[Page]:
    with signed_in(browser, installation, "liaison-chief") as page:
        yield page


@pytest.fixture(scope="module")
def person(amina: Page, installation: Installation) -> Person:
    name = f"Zq{uuid4().hex[:10]}"
    body = {"described_as": f"Chief {name}", "identity": {"name": name}, "label": TO_ALL}
    csrf = amina.get_attribute("input[name=csrf_token]", "value") or ""
    headers = {"X-CSRF-Token": csrf, "Idempotency-Key": uuid4().hex}
    answer = amina.request.post(f"{installation.gateway_url}/v1/people", data=body, headers=headers)
    assert answer.status == 201, answer.text()
    return Person(name, f"{installation.gateway_url}/records/{answer.json()['id']}")


def test_from_a_request_to_the_proof_that_nothing_is_left(
    browser: Browser, installation: Installation, amina: Page, chief: Page, person: Person
) -> None:
    amina.goto(f"{person.address}/removal")
    goes = amina.get_by_role("region", name="What goes, for good")
    expect(goes).to_contain_text(person.name)
    amina.get_by_label("Erasure").check()
    amina.fill("#reason", "She asked for it in writing")
    amina.get_by_role("button", name="Ask for its removal").click()
    expect(amina.locator("main")).to_contain_text("You asked for it")

    with signed_in(browser, installation, "un-agency") as partner:
        partner.goto(f"{person.address}?tab=history")
        expect(partner.get_by_role("heading", level=1)).to_contain_text(person.name)
        assert "Removal" not in partner.content()

        chief.goto(f"{installation.gateway_url}/")
        chief.locator(".removals-notice").get_by_role("link", name="Look at it").click()
        chief.get_by_role("link", name=person.name).click()
        expect(chief.locator("main")).to_contain_text("She asked for it in writing")
        chief.get_by_label("I have read what goes").check()
        chief.get_by_role("button", name="Approve").click()
        expect(chief.locator("#removal .notice")).to_contain_text("Not done yet")
        # By itself: the page is still open, and is told that its record is gone.
        expect(partner.get_by_role("heading", level=1)).to_have_text("Not found")

    done = chief.locator("#removal .notice.ok")
    expect(done).to_contain_text("nothing of its content is left", timeout=DONE_MILLISECONDS)
    amina.goto(f"{installation.gateway_url}/removals")
    expect(amina.locator(f"tr[data-id='{person.address.rpartition('/')[2]}']")).to_contain_text(
        "Done"
    )
    assert person.name not in amina.content()

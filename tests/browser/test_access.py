"""Access administered on pages: found by filters, told in words, changed by forms that say what happens."""

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWER_SECONDS, Site, Visit
from tests.browser.fake_access import AMINA, IDLE, MAP, NEW, PETER, SECRET
from tests.browser.fake_world import OURS


def test_people_are_found_by_filters_that_stand_in_the_address(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/people")
    page.select_option("#f-standing", "suspended")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Luc Imaginaire")
    assert "standing=suspended" in page.url
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("tbody tr")).to_have_count(4)


def test_a_person_is_told_in_words_what_may_be_read_and_what_not(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/people/{PETER}")
    may = page.get_by_role("region", name="What this person may do and read")
    # His own level is higher; his organisation's is the lower one.
    expect(may).to_contain_text("May read up to Unclassified.")
    expect(may.locator("dt:has-text('May not read') + dd")).to_contain_text("Source protection")
    grants = page.get_by_role("region", name="What is granted")
    expect(grants.locator("tr:has-text('Mission headquarters')")).to_contain_text("expired")
    # An expired community is no longer one he reads by.
    expect(may).not_to_contain_text("Mission headquarters")


def test_the_history_says_who_changed_what_from_what_and_why(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/people/{PETER}")
    raised = page.locator(".history > li:has-text('Highest level changed')")
    expect(raised).to_contain_text("Capt. Amina Fictional")
    expect(raised).to_contain_text("Vetted by the mission")
    expect(raised.locator("del")).to_have_text("Public")
    expect(raised.locator("ins")).to_have_text("Confidential")


def test_a_grant_ends_with_the_day_that_was_given(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/people/{PETER}/grant")
    page.select_option("#what", "community:un")
    page.fill("#expires_date", "2099-03-01")
    page.fill("#reason", "Joint assessment")
    page.locator("main form button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Peter Invented")
    assert _ordered(site)[-1] == {
        "path": f"people/{PETER}/grant",
        "body": {
            "reason": "Joint assessment",
            "kind": "community",
            "name": "un",
            "expires_at": "2099-03-01T23:59:00+00:00",
        },
    }


def test_without_a_reason_a_form_comes_back_and_names_the_field(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/people/{PETER}/suspend")
    before = _ordered(site)
    page.locator("main form button").click()
    assert page.get_attribute("#reason", "aria-invalid") == "true"
    expect(page.get_by_role("alert")).to_be_visible()
    assert _ordered(site) == before


def test_who_is_suspended_is_said_to_be_and_let_in_again(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/people/{NEW}")
    page.get_by_role("link", name="Suspend").click()
    expect(page.get_by_role("note")).to_contain_text("let in nowhere")
    page.fill("#reason", "Left the mission")
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text("nobody is let in by it")
    page.get_by_role("link", name="Let in again").click()
    page.fill("#reason", "Came back")
    page.locator("main form button").click()
    expect(page.locator(".record-marks")).to_contain_text("No password yet")


def test_a_new_secret_is_shown_once(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/clients/{MAP}/add_secret")
    page.fill("#reason", "Yearly change")
    page.locator("main form button").click()
    expect(page.locator("#secret")).to_have_value(SECRET)
    page.get_by_role("link", name="I have handed it over").click()
    assert SECRET not in page.content()


def test_a_public_key_is_registered_as_it_was_pasted(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/clients/{MAP}")
    page.get_by_role("link", name="Register a public key").click()
    page.fill("#reason", "Instead of the secret")
    page.locator("main form button").click()
    expect(page.locator("#e-public_key-1")).to_contain_text("This is needed.")
    page.fill("#public_key", '{"kty": "OKP", "crv": "Ed25519"}')
    page.locator("main form button").click()
    assert _ordered(site)[-1] == {
        "path": f"clients/{MAP}/add_key",
        "body": {
            "reason": "Instead of the secret",
            "public_key": '{"kty": "OKP", "crv": "Ed25519"}',
            "overlap_hours": None,
        },
    }


def test_a_person_is_let_in_by_a_providers_word(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/people/{PETER}")
    page.get_by_role("link", name="Let in by a provider").click()
    page.fill("#issuer", "https://login.mission.example")
    page.select_option("#kind", "email")
    page.fill("#reason", "Has an account there")
    page.locator("main form button").click()
    expect(page.locator("#e-identity-1")).to_contain_text("This is needed.")
    page.fill("#identity", "peter@mission.example")
    page.locator("main form button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Peter Invented")
    sent = _ordered(site)[-1]
    assert (sent["path"], sent["body"]["kind"]) == (f"people/{PETER}/link_identity", "email")
    assert sent["body"]["identity"] == "peter@mission.example"


def test_a_person_is_enrolled_into_an_organisation_that_is_admitted(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/people/new")
    page.fill("#display_name", "Ines Invented")
    page.fill("#username", "peter")
    page.select_option("#organisation", OURS)
    page.select_option("#level", "unclassified")
    page.fill("#reason", "New liaison officer")
    page.locator("main form button").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else signs in by this name.")
    page.fill("#username", "ines")
    page.locator("main form button").click()
    sent = _ordered(site)[-1]
    assert (sent["path"], sent["body"]["username"]) == ("people/new", "ines")
    assert (sent["body"]["organisation_id"], sent["body"]["level"]) == (OURS, "unclassified")


def test_a_client_is_registered_for_a_person_by_sign_in_name(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/clients/new")
    page.fill("#account", "nobody")
    page.fill("#name", "A map")
    page.select_option("#level", "public")
    page.fill("#reason", "For the operations room")
    page.locator("main form button").click()
    expect(page.locator("#e-account-1")).to_contain_text("Nobody signs in by this name.")
    page.fill("#account", "peter")
    page.locator("main form button").click()
    assert _ordered(site)[-1]["body"]["account_id"] == "user:peter"


def test_a_client_of_a_suspended_person_is_said_to_be_refused(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/clients/{IDLE}")
    expect(page.locator(".record-marks")).to_contain_text("Person suspended")
    expect(page.locator("main")).to_contain_text("May read nothing now.")


def test_nobody_is_offered_to_add_to_his_own_access(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/access/people/{AMINA}")
    expect(page.locator(".steps a")).to_have_text(["Suspend"])
    answer = page.goto(f"{site.address}/access/people/{AMINA}/grant")
    assert answer
    assert answer.status == 404


def test_to_everybody_else_access_is_no_page(visit: Visit) -> None:
    visitor = visit("ngo-forum")
    there = visitor.open(f"/access/people/{PETER}")
    elsewhere = visitor.open("/no-such-page")
    assert there.locator("main").inner_text() == elsewhere.locator("main").inner_text()
    expect(there.locator(".rail a[href^='/access']")).to_have_count(0)


def _ordered(site: Site) -> list[dict[str, Any]]:  # Any: JSON
    """The orders about access, oldest first."""
    host = site.address.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=ANSWER_SECONDS)) as connection:
        connection.request("GET", "/fake/ordered")
        found: list[dict[str, Any]] = json.loads(connection.getresponse().read())
        return found

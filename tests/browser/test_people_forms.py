"""Forms of people and posts: each says what was typed to the right service, once, and keeps what was not."""

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWER_SECONDS, Site, Visitor
from tests.browser.fake_people import CHIEF, COMMISSIONER, EMPTY, OFFICE, TRADER

Sent = dict[str, Any]  # Any: JSON


def test_a_new_person_is_registered_and_takes_a_post(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/people/new")
    page.fill("#described_as", "Head of the market women")
    page.fill("#name", "ميري المتخيلة")
    page.fill("#organisation", "Fictional Cattle Keepers' Union")
    page.fill("#post", "Women's representative")
    page.fill("#language", "ara")
    page.select_option("#level_spoken", "2")
    page.click("text=Record the person")
    registered, taken = _sent(site)[-2:]
    assert registered["path"] == "/people"
    assert registered["body"]["described_as"] == {"text": "Head of the market women", "lang": "en"}
    assert registered["body"]["identity"]["name"]["script"] == "Arab"
    assert registered["body"]["languages"][0]["profile"]["writing"] == "2"
    assert registered["body"]["ties"][0]["tie"] == "member"
    assert taken["path"] == f"/posts/{EMPTY}/take"
    assert taken["key"] == f"{registered['key']}-post"


def test_a_person_without_what_they_are_comes_back_with_the_error_beside_it(
    page: Page, site: Site
) -> None:
    page.goto(f"{site.address}/people/new")
    page.fill("#name", "Kept as typed")
    page.fill("#organisation", "Nobody is called so")
    page.click("text=Record the person")
    assert page.input_value("#name") == "Kept as typed"
    assert page.get_attribute("#described_as", "aria-invalid") == "true"
    assert page.get_attribute("#organisation", "aria-invalid") == "true"


def test_renaming_keeps_the_other_names_and_the_version_that_was_seen(
    page: Page, site: Site
) -> None:
    page.goto(f"{site.address}/people/{COMMISSIONER}/rename")
    page.fill("#name", "SECRET-NAME Nyalong Renamed")
    page.locator("main .form-foot button").click()
    expect(page.locator("h1", has_text="Renamed")).to_have_count(1)
    renamed = _sent(site)[-1]
    assert renamed["path"] == f"/people/{COMMISSIONER}/rename"
    assert renamed["version"] == "1"


def test_a_note_in_another_language_stays_in_it_when_nobody_touched_it(
    page: Page, site: Site
) -> None:
    page.goto(f"{site.address}/people/{CHIEF}/amend?lang=fr")
    page.locator("main .form-foot button").click()
    assert _sent(site)[-1]["body"]["note"]["lang"] == "en"
    page.goto(f"{site.address}/?lang=en")


def test_a_tie_is_recorded_with_its_grade(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/people/{TRADER}/tie")
    page.fill("#organisation", "Invented Relief")
    page.select_option("#tie", "employee")
    page.select_option("#reliability", "B")
    page.locator("main .form-foot button").click()
    body = _sent(site)[-1]["body"]
    assert (body["tie"], body["grade"]) == ("employee", {"reliability": "B", "credibility": "6"})


def test_contact_details_are_shown_for_a_reason_and_the_reading_is_recorded(
    page: Page, site: Site
) -> None:
    page.goto(f"{site.address}/people/{CHIEF}")
    page.click("text=Show contact details")
    page.locator("main .form-foot button").click()
    assert page.get_attribute("#reason", "aria-invalid") == "true"
    page.fill("#reason", "The meeting has to be moved tonight")
    page.locator("main .form-foot button").first.click()
    expect(page.locator("#details")).to_contain_text("SECRET-NUMBER", use_inner_text=True)
    expect(page.get_by_text("This reading is recorded")).to_have_count(1)
    read = _sent(site)[-1]
    assert read["path"] == f"/people/{CHIEF}/read_private"
    assert read["body"]["reason"]["text"] == "The meeting has to be moved tonight"


def test_a_merger_shows_what_it_does_before_it_is_done_and_can_be_undone(
    page: Page, site: Site
) -> None:
    page.goto(f"{site.address}/people/{TRADER}/merge")
    page.fill("#target", "SECRET-NAME Deng Invented")
    page.click("text=See what happens")
    before = len(_sent(site))
    expect(page.get_by_text("No text is copied")).to_have_count(1)
    page.locator("main .form-foot button").click()
    merged = _sent(site)[before]
    assert (merged["path"], merged["body"]["into"]) == (f"/people/{TRADER}/merge", CHIEF)
    page.click("text=Undo the merger")
    page.locator("main .form-foot button").click()
    assert _sent(site)[-1]["path"] == f"/people/{TRADER}/unmerge"
    expect(page.locator(".status-active")).to_have_count(1)


def test_the_holder_of_a_post_leaves_it(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/posts/{OFFICE}/leave")
    page.fill("#until", "2026-01-31")
    page.locator("main .form-foot button").click()
    left = _sent(site)[-1]
    assert left["path"] == f"/posts/{OFFICE}/leave"
    assert left["body"] == {"person_id": CHIEF, "until": "2026-01-31"}


@pytest.mark.parametrize("step", ["rename", "merge", "read_private", "private"])
def test_who_may_not_take_a_step_finds_no_page_for_it(
    officer: Visitor, site: Site, step: str
) -> None:
    answer = officer.context.request.get(
        f"{site.address}/people/{CHIEF}/{step}", headers={"Cookie": "fake_session=ngo-forum"}
    )
    assert answer.status == 404


def _sent(site: Site) -> list[Sent]:
    """The commands the services were sent, oldest first."""
    host = site.address.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=ANSWER_SECONDS)) as connection:
        connection.request("GET", "/fake/sent")
        found: list[Sent] = json.loads(connection.getresponse().read())
        return found

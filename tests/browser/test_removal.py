"""Removing what a record holds: asked for with what would go in view, answered by a second, seen done."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Visit
from tests.browser.fake_people import CHIEF
from tests.browser.fake_removals import REMOVED, WAITING
from tests.browser.fake_world import an_id
from tests.browser.test_release import sent_to

TALKS, MARKET, YOUTH = (an_id("engagement", number) for number in (8, 10, 16))
PROMISE = an_id("commitment", 1)


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit(scripts=False).open(f"/records/{TALKS}")


def test_what_would_go_and_what_would_stay_is_seen_before_it_is_asked_for(page: Page) -> None:
    page.get_by_role("link", name="Removal", exact=True).click()
    goes = page.get_by_role("region", name="What goes, for good")
    expect(goes).to_contain_text("Key leader engagement: sector commander")
    expect(goes).to_contain_text("People by name")
    expect(goes).to_contain_text("withheld from you; it goes all the same")
    stays = page.get_by_role("region", name="What stays, for your organisation alone")
    expect(stays).to_contain_text("Key leader engagement")
    expect(stays).not_to_contain_text("sector commander")


def test_without_ground_or_reason_nothing_is_sent_and_the_form_says_why(
    visit: Visit, site: Site
) -> None:
    page, before = visit(scripts=False).open(f"/records/{TALKS}/removal"), len(sent_to(site))
    page.get_by_role("button", name="Ask for its removal").click()
    expect(page.locator("#e-ground-1")).to_contain_text("needed")
    expect(page.locator("#e-reason-1")).to_contain_text("needed")
    assert len(sent_to(site)) == before


def test_one_asks_another_approves_and_both_see_it_done(visit: Visit, site: Site) -> None:
    page = visit(scripts=False).open(f"/records/{MARKET}/removal")
    page.get_by_label("Spill").check()
    page.fill("#reason", "Names a source")
    page.get_by_role("button", name="Ask for its removal").click()
    asked = sent_to(site)[-1]
    assert asked["path"] == f"/engagements/{MARKET}/ask_removal"
    assert asked["body"] == {"ground": "spill", "reason": {"text": "Names a source", "lang": "en"}}
    expect(page.locator("main")).to_contain_text("You asked for it, so somebody else approves")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    second = visit("chief", scripts=False).open("/more")
    second.get_by_role("link", name="Removals").click()
    second.locator(f"tr[data-id='{MARKET}'] a").click()
    expect(second.locator("main")).to_contain_text("Capt. Invented Officer")
    expect(second.locator("main")).to_contain_text("Names a source")
    second.get_by_role("button", name="Approve").click()
    expect(second.locator("#e-understood-1")).to_contain_text("cannot be undone")
    second.get_by_label("I have read what goes").check()
    second.get_by_role("button", name="Approve").click()
    approved = sent_to(site)[-1]
    assert approved["path"] == f"/engagements/{MARKET}/approve_removal"
    assert approved["version"]

    expect(second.locator("#removal .notice")).to_contain_text("Not done yet")
    expect(second.locator(".removal-steps .reached")).to_have_count(1)
    for _ in range(3):
        second.get_by_role("link", name="Look again").click()
    expect(second.locator("#removal .notice")).to_contain_text("nothing of its content is left")
    expect(second.get_by_role("link", name="Look again")).to_have_count(0)


def test_progress_follows_by_itself_until_it_is_done(visit: Visit) -> None:
    asked = visit(scripts=False).open(f"/records/{YOUTH}/removal")
    asked.get_by_label("Erasure").check()
    asked.fill("#reason", "No ground to keep it")
    asked.get_by_role("button", name="Ask for its removal").click()
    page = visit("chief").open(f"/records/{YOUTH}/removal")
    page.get_by_label("I have read what goes").check()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".removal-steps .reached")).to_have_count(4, timeout=30_000)
    expect(page.locator("#removal[hx-get]")).to_have_count(0)
    expect(page.locator("#removal .notice")).to_contain_text("Done.")


def test_today_tells_a_second_person_and_not_who_asked(visit: Visit) -> None:
    today = visit("chief", scripts=False).open("/")
    today.locator(".removals-notice a").click()
    expect(today.locator(f"tr[data-id='{WAITING}']")).to_be_visible()
    theirs = visit("liaison-officer", scripts=False).open("/")
    expect(theirs.locator(".removals-notice")).to_have_count(0)


def test_a_refused_request_says_so_to_who_would_ask_again(visit: Visit, site: Site) -> None:
    page = visit("chief", scripts=False).open(f"/records/{WAITING}/removal")
    page.fill("#refusal", "We must keep it until the inquiry ends")
    page.get_by_role("button", name="Refuse it").click()
    assert sent_to(site)[-1]["path"] == f"/engagements/{WAITING}/refuse_removal"
    expect(page.locator("main")).to_contain_text("We must keep it until the inquiry ends")
    expect(page.get_by_role("button", name="Ask for its removal")).to_be_visible()


def test_a_person_goes_with_the_names_noted_at_meetings(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/records/{CHIEF}/removal")
    goes = page.get_by_role("region", name="What goes, for good")
    expect(goes).to_contain_text("The names under which this person was noted at meetings")


def test_files_of_a_removed_promise_are_said_to_stay_and_lead_to_their_own_removal(
    visit: Visit,
) -> None:
    page = visit(scripts=False).open(f"/records/{PROMISE}/removal")
    stays = page.get_by_role("region", name="What stays")
    stays.get_by_role("link", name="pump-before.jpg").click()
    expect(page.locator("main")).to_contain_text("The file itself")


def test_what_is_done_stays_listed_without_a_word_of_what_it_was(visit: Visit) -> None:
    page = visit("chief", scripts=False).open("/removals")
    row = page.locator(f"tr[data-id='{REMOVED}']")
    expect(row).to_contain_text("Done")
    row.get_by_role("link").click()
    expect(page.locator("#removal .notice")).to_contain_text("Done.")


def test_whoever_has_no_part_in_it_finds_no_such_pages(visit: Visit) -> None:
    visitor = visit("ngo-forum")
    for path in (f"/records/{MARKET}/removal", f"/parts/records/{MARKET}/removal"):
        answer = visitor.context.request.get(visitor.site.address + path)
        assert answer.status == 404
    page = visitor.open(f"/records/{MARKET}")
    expect(page.get_by_role("link", name="Removal", exact=True)).to_have_count(0)


def test_when_reporting_does_not_answer_each_part_says_so(visit: Visit, site: Site) -> None:
    site.take_down("/removals")
    page = visit("chief", scripts=False).open("/removals")
    site.take_down()
    expect(page.locator("main .notice.warn")).to_contain_text("could not be loaded")
    expect(page.get_by_role("heading", name="Waiting for a second person")).to_be_visible()

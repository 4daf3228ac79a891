"""Promises on the board, in the table and on a page of their own."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.fake_ids import an_id

COLUMNS = ("overdue", "today", "week", "later", "undated", "kept", "broken")
DISPUTED, PUMP, IN_PROGRESS = (an_id("commitment", n) for n in (2, 1, 3))


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_links_to_exactly_the_list_it_counts(visit: Visit, column: str) -> None:
    page = visit(scripts=False).open("/commitments")
    counted = int(page.get_attribute(f"#count-{column}", "data-count") or -1)
    page.click(f"#count-{column}")
    assert counted > 0
    expect(page.locator("[data-row]")).to_have_count(counted)
    assert page.get_attribute("#count", "data-count") == str(counted)


def test_the_board_keeps_its_filters_in_the_address(visit: Visit) -> None:
    page = visit(scripts=False).open("/commitments")
    page.select_option("#f-type", "to_us")
    page.locator("main").get_by_role("button", name="Filter").click()
    page.wait_for_url("**type=to_us**")
    assert page.locator(".promise-to_us").count() == page.locator(".promise").count() > 0


def test_a_change_appears_on_the_board_without_a_reload(visit: Visit, site: Site) -> None:
    page = visit().open("/commitments")
    page.wait_for_selector("#connection[data-state=live]")
    site.change(an_id("commitment", 6), "Promised while the board is open")
    expect(page.get_by_text("Promised while the board is open")).to_be_visible()


def test_a_promise_that_is_not_releasable_is_nowhere_on_the_board(visit: Visit) -> None:
    page = visit("ngo-forum", scripts=False).open("/commitments")
    assert "SECRET-" not in page.content()
    assert page.locator(".promise").count() > 0


def test_our_sides_assessment_is_withheld_from_others(visit: Visit) -> None:
    page = visit("ngo-forum", scripts=False).open(f"/commitments/{PUMP}")
    expect(page.locator(".withheld")).to_have_count(1)
    assert "SECRET-" not in page.content()


def test_progress_is_noted_in_words(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/commitments/{IN_PROGRESS}/progress")
    page.select_option("#progress", "3")
    page.fill("#note", "The letter was handed over.")
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("3 - full", use_inner_text=True)
    expect(page.locator("main")).to_contain_text("The letter was handed over.", use_inner_text=True)


def test_a_promise_is_not_kept_without_evidence(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/commitments/{an_id('commitment', 5)}/keep")
    page.click("main button[type=submit]")
    assert page.get_attribute("#evidence", "aria-invalid") == "true"
    page.fill("#evidence", "The convoy arrived; the payam chief signed.")
    page.click("main button[type=submit]")
    expect(page.locator(".status-kept")).to_have_count(1)


def test_renegotiating_understands_days_as_people_type_them(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/commitments/{an_id('commitment', 4)}/renegotiate")
    page.fill("#due", "some day")
    page.fill("#reason", "The road is closed.")
    page.click("main button[type=submit]")
    assert page.get_attribute("#due", "aria-invalid") == "true"
    page.fill("#due", "2031-05-01")
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("1 May 2031, 23:59Z", use_inner_text=True)


def test_another_organisation_acknowledges_and_disputes_but_changes_nothing(visit: Visit) -> None:
    page = visit("ngo-forum", scripts=False).open(f"/commitments/{DISPUTED}")
    offered = page.locator(".steps a, .steps button").all_inner_texts()
    assert offered == ["Acknowledge", "Dispute it"]
    page.click("text=Dispute it")
    page.fill("#text", "It was one bicycle.")
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("It was one bicycle.", use_inner_text=True)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_promise_is_recorded_on_its_own(visit: Visit, scripts: bool) -> None:
    page = visit(scripts=scripts).open("/commitments/new")
    page.fill("#what", "Lend the grader for two days")
    page.fill("#party", "Invented Relief")
    page.fill("#due", "+7d")
    page.click("text=Record it")
    expect(page.locator("h1")).to_have_text("Lend the grader for two days", use_inner_text=True)
    expect(page.locator("main")).to_contain_text("Invented Relief", use_inner_text=True)


def test_a_file_is_attached_and_given_out_again(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/commitments/{an_id('commitment', 8)}")
    content = b"The pump runs since Tuesday."
    page.set_input_files(
        "#file", {"name": "witness note.txt", "mimeType": "text/plain", "buffer": content}
    )
    page.click(".upload button")
    link = page.get_by_role("link", name="witness note.txt")
    answer = page.request.get(visit().site.address + str(link.get_attribute("href")))
    assert answer.body() == content
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"

"""The debrief: two minutes, by keyboard, and nothing typed is ever lost."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.browsers import leave
from tests.browser.conftest import Visit
from tests.browser.fake_ids import an_id

MOST_PRESSES = 25
HELD = an_id("engagement", 21)
OPTION = ".choices:not([hidden]) [role=option]"
READY = "form[data-ready=yes]"


@dataclass
class Typist:
    """Types and counts what is pressed beyond the text."""

    page: Page
    presses: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)


def test_a_routine_debrief_takes_few_presses_beyond_the_text(
    visit: Visit, capsys: pytest.CaptureFixture[str]
) -> None:
    page = visit().open("/debrief")
    page.wait_for_selector(READY)
    presses = _routine_debrief(Typist(page))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cattle on the market road")
    with capsys.disabled():
        print(f"\nkey presses beyond the text: {presses}")
    assert presses <= MOST_PRESSES
    shown = page.inner_text("main")
    assert "They will keep the herd off the road on market days." in shown
    assert "Malakal" in shown
    assert "Fictional Cattle Keepers' Union" in shown
    assert "Chief Invented" in shown


def test_promises_of_a_debrief_become_commitments(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/debrief")
    page.wait_for_selector(READY)
    _routine_debrief(Typist(page))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cattle on the market road")
    board = visitor.open("/commitments?q=wardens")
    board.locator(".promise-to_us .promise-title").first.click()
    week = datetime.now(UTC) + timedelta(days=7)
    expect(board.locator("main")).to_contain_text(f"{week.day} {week:%b %Y}, 23:59Z")


def test_a_debrief_is_recorded_without_scripts(visit: Visit) -> None:
    page = visit(scripts=False).open("/debrief")
    page.fill("#place", "Bor")
    page.check("input[name=attending] >> nth=1")
    page.fill("#summary", "Said without scripts.")
    page.fill("#what_0", "Bring the list")
    page.fill("#due_0", "tomorrow")
    page.click("text=Record the debrief")
    expect(page.locator("h1")).to_have_text("Routine liaison, Bor", use_inner_text=True)
    expect(page.locator("main")).to_contain_text("Said without scripts.", use_inner_text=True)


def test_a_planned_engagement_is_debriefed(visit: Visit) -> None:
    page = visit().open(f"/engagements/{HELD}/debrief")
    page.wait_for_selector(READY)
    page.fill("#summary", "As planned, and in peace.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".status-debriefed")).to_be_visible()


def test_a_wrong_debrief_comes_back_with_its_values(visit: Visit) -> None:
    page = visit().open("/debrief")
    page.wait_for_selector(READY)
    page.fill("#place", "nowhere at all")
    page.fill("#summary", "Kept as typed")
    page.fill("#what_0", "Without a day")
    page.fill("#due_0", "whenever")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#due_0")).to_have_attribute("aria-invalid", "true")
    page.fill("#due_0", "+2d")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#place")).to_have_attribute("aria-invalid", "true")
    assert page.input_value("#summary") == "Kept as typed"


def test_what_was_typed_survives_a_closed_tab(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/debrief")
    page.wait_for_selector(READY)
    page.fill("#summary", "Half a sent")
    page.fill("#what_0", "A promise half typed")
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved on this device")
    leave(page)
    again = visitor.open("/debrief")
    again.get_by_role("button", name="Go on writing").click()
    assert again.input_value("#summary") == "Half a sent"
    assert again.input_value("#what_0") == "A promise half typed"
    expect(again.locator("#what_1")).to_be_visible()


def test_a_debrief_written_without_a_link_is_sent_once_when_the_link_is_back(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/debrief")
    page.wait_for_selector(READY)
    visitor.context.set_offline(True)
    page.fill("#purpose", "Written off the link")
    page.fill("#summary", "Nobody heard this yet.")
    expect(page.get_by_role("button", name="Send when the link is back")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-draft-told]")).to_contain_text("is sent when the link is back")
    visitor.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Written off the link")
    assert _count(visitor.open("/engagements?q=Written+off"), "Written off the link") == 1


def test_an_answer_that_was_lost_does_not_make_two_records(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/debrief")
    page.wait_for_selector(READY)
    page.route("**/debrief", _lose_the_answer, times=1)
    page.fill("#purpose", "Answered into the void")
    page.fill("#summary", "Arrived, but nobody was told.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-draft-told]")).to_contain_text("is sent when the link is back")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", level=1)).to_have_text("Answered into the void")
    assert _count(visitor.open("/engagements?q=Answered"), "Answered into the void") == 1


def test_signing_out_wipes_the_drafts(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/debrief")
    page.wait_for_selector(READY)
    page.fill("#summary", "For my eyes only")
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved on this device")
    page.click("summary[aria-label='You and what you may see']")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.evaluate(KEPT) == 0


def test_another_person_on_the_device_is_not_shown_ones_drafts(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/debrief")
    page.wait_for_selector(READY)
    page.fill("#summary", "Not for the next person")
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved on this device")
    visitor.context.add_cookies(
        [{"name": "fake_session", "value": "ngo-forum", "url": visitor.site.address}]
    )
    other = visitor.open("/debrief")
    other.wait_for_selector(READY)
    assert other.locator("#drafts").is_hidden()


def _routine_debrief(hands: Typist) -> int:
    """Where, with whom, about what, what was said, and a promise each way; returns the presses."""
    hands.type("Malak")
    expect(hands.page.locator(OPTION).first).to_contain_text("Malakal")
    hands.press("Enter", "Tab", "Alt+1")
    hands.type("Chief Invented")
    expect(hands.page.locator(OPTION).first).to_contain_text("by name only")
    hands.press("Enter", "Tab", "Tab", "Tab")
    hands.type("Cattle on the market road")
    hands.press("Tab")
    hands.type("They will keep the herd off the road on market days.")
    hands.press("Tab", "Tab")
    hands.type("Paint the crossing signs")
    hands.press("Tab", "Tab")
    hands.type("fri")
    hands.press("Enter")
    hands.type("Send two wardens")
    hands.press("Tab", "ArrowDown", "Tab")
    hands.type("+7d")
    hands.press("Control+Enter")
    return hands.presses


KEPT = """() => new Promise((resolve) => {
  const asked = indexedDB.open("parley", 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction("drafts").objectStore("drafts").getAll();
    all.onsuccess = () => { asked.result.close(); resolve(all.result.length); };
  };
})"""


def _lose_the_answer(route: Route) -> None:
    """The request arrives; its answer does not come back."""
    route.fetch(max_redirects=0)
    route.abort()


def _count(page: Page, title: str) -> int:
    return page.locator("[data-row]").get_by_text(title, exact=True).count()

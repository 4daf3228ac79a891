"""docs/tour.md, walked as it is written: the demo loaded, a real browser, and what each step promises.

With PARLEY_TOUR_IMAGES set, the pictures of the tour are made anew in docs/images.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cli.main import COMMANDS
from deploy.local.layout import ROOT
from tests.browser.touring import LIVE, Demo, Visitor
from tests.stack.installation import started_in
from tests.stack.servers import temporary_layout

TOUR = ROOT / "docs" / "tour.md"
IMAGES = ROOT / "docs" / "images"
LARGEST_IMAGE_BYTES = 250_000
LONGEST_TOUR_LINES = 150
COMMAND_SECONDS = 20
READY = "form[data-ready=yes]"
ROAD = "Market road: safety and opening hours"
CULVERT = "Clear the culvert at the second bridge"
COMPOUND = "School compound: the written answer"
WEEKLY = "Weekly security coordination, Malakal"


@pytest.fixture(scope="module")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`./parley up --demo`, once for all steps."""
    album = IMAGES if "PARLEY_TOUR_IMAGES" in os.environ else tmp_path_factory.mktemp("tour")
    with temporary_layout() as layout, started_in(layout, "--demo") as running:
        yield Demo(running, browser, album)


@pytest.fixture(scope="module")
def amina(demo: Demo) -> Iterator[Visitor]:
    with demo.visitor("amina") as visitor:
        yield visitor


def test_the_printed_command_tells_names_and_passwords(demo: Demo, tmp_path: Path) -> None:
    command = re.search(r"^python3 .*demo\.json.*$", TOUR.read_text("utf-8"), re.MULTILINE)
    assert command
    (tmp_path / "var").symlink_to(demo.installation.layout.var)
    done = subprocess.run(  # noqa: S603 - the tour's own command
        ["/bin/sh", "-c", command[0]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=True,
    )
    for one in demo.installation.demo["personas"]:
        assert f"{one['username']} {one['password']}" in done.stdout


def test_today_counts_and_each_number_is_its_list(amina: Visitor) -> None:
    page = amina.open("/")
    page.wait_for_selector(LIVE)
    page.wait_for_selector("#map[data-features]")
    amina.photograph("today")
    number = page.locator("#number-commitments_overdue")
    count = int(str(number.get_attribute("data-count")))
    assert count
    number.click()
    expect(page.locator("#rows [data-row]")).to_have_count(count)
    expect(page.locator("main")).to_contain_text(CULVERT)


def test_the_market_road_is_two_words_away(amina: Visitor) -> None:
    page = amina.open("/")
    page.wait_for_selector(LIVE)
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette [role=option]")
    page.keyboard.type("market road")
    expect(page.locator("#palette [role=option]").first).to_contain_text(ROAD)
    page.keyboard.press("Enter")
    expect(amina.heading()).to_have_text(ROAD)
    for promise in ("Patrol the market road", CULVERT, "Two lamps at the landing"):
        expect(page.locator("main")).to_contain_text(promise)
    page.get_by_role("heading", name="Debrief").evaluate("one => one.scrollIntoView()")
    page.evaluate("window.scrollBy(0, -90)")
    amina.photograph("market-road")


def test_the_board_shows_the_culvert_overdue_and_disputed(amina: Visitor) -> None:
    page = amina.open("/")
    page.wait_for_selector(LIVE)
    page.keyboard.press("g")
    page.keyboard.press("c")
    overdue = page.locator("#column-overdue .promise", has_text=CULVERT)
    expect(overdue).to_contain_text("Disputed")
    expect(page.locator("#column-week")).to_contain_text("Two lamps at the landing")
    amina.photograph("promises")
    overdue.locator(".promise-title").click()
    expect(page.locator("main")).to_contain_text("belongs to the state, not to the town")


def test_todays_meeting_is_debriefed_without_the_mouse(amina: Visitor) -> None:
    amina.open("/")
    amina.search("weekly security")
    page = amina.page
    page.locator("[data-row]", has_text="Held").get_by_role("link", name=WEEKLY).click()
    page.get_by_role("link", name="Debrief", exact=True).click()
    page.wait_for_selector(READY)
    expect(page.locator("#summary")).to_be_focused()
    page.keyboard.type("The council will ask the state who clears the culvert.")
    page.keyboard.press("Tab")
    page.keyboard.type("Lend two pumps until the culvert is clear")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("+7d")
    expect(page.locator(".understood").first).not_to_be_empty()
    amina.photograph("debrief")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".status-debriefed").first).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Lend two pumps until the culvert is clear").click()
    expect(page.locator("main")).to_contain_text("Malakal Town Council")


def test_a_misspelled_commissioner_is_found(amina: Visitor) -> None:
    amina.open("/")
    amina.search("comisioner abieno")
    amina.page.get_by_role("link", name="Commissioner Bol Abienyo").first.click()
    expect(amina.heading()).to_have_text("Commissioner Bol Abienyo")
    expect(amina.page.locator("main")).to_contain_text("بول أبينيو")
    amina.photograph("commissioner")


def test_the_post_outlives_the_commissioner_and_the_promises_stay_with_the_council(
    amina: Visitor,
) -> None:
    page = _commissioner(amina)
    page.locator("table").get_by_role("link", name="Commissioner, Malakal Town Council").click()
    expect(page.locator("main")).to_contain_text("Rebecca Abienyo")
    page.get_by_role("link", name="Malakal Town Council", exact=True).first.click()
    expect(page.locator("#promise-to_us-overdue")).to_have_attribute("data-count", "1")


def test_contact_details_are_read_with_a_reason_and_the_reading_stays(amina: Visitor) -> None:
    page = _commissioner(amina)
    assert "+211" not in page.content()
    person = page.url
    page.get_by_role("link", name="Show contact details").click()
    page.fill("#reason", "To move tomorrow's walk along the road")
    page.get_by_role("button", name="Show contact details").click()
    expect(page.locator("#details")).to_contain_text("+211")
    page.goto(person + "?tab=history")
    expect(page.locator("main")).to_contain_text("Contact details read")


def test_two_records_of_one_sheikh_become_one_and_two_again(amina: Visitor) -> None:
    amina.open("/")
    amina.search("Osman Wolmarik")
    amina.search("Uthman")
    found = amina.page.locator("main")
    expect(found).to_contain_text("Sheikh Osman Wolmarik")
    found.get_by_role("link", name="Shaikh Othman Wolmerik").click()
    expect(amina.heading()).to_have_text("Shaikh Othman Wolmerik")
    page = amina.page
    page.get_by_role("link", name="Merge into another record").click()
    page.fill("#target", "Sheikh Osman Wolmarik")
    page.get_by_role("button", name="See what happens").click()
    expect(page.locator("main")).to_contain_text("2 engagements")
    amina.photograph("merge")
    page.get_by_role("button", name="Merge into another record").click()
    expect(page.locator(".status-merged").first).to_be_visible()
    page.get_by_role("link", name="Undo the merger").click()
    page.locator("main .form-foot button").click()
    expect(page.locator(".status-active").first).to_be_visible()
    expect(amina.heading()).to_have_text("Shaikh Othman Wolmerik")


def test_tomorrows_engagement_waits_for_a_second_person(amina: Visitor, demo: Demo) -> None:
    _compound(amina)
    expect(amina.page.locator("main")).to_contain_text("is also meeting")
    expect(amina.page.locator("main")).to_contain_text("Courtesy call before the leave")
    expect(amina.page.get_by_role("button", name="Approve")).to_have_count(0)
    amina.page.wait_for_selector(LIVE)
    with demo.visitor("henrik") as henrik:
        _compound(henrik)
        henrik.photograph("approval")
        henrik.page.get_by_role("button", name="Approve").click()
        expect(henrik.page.locator(".status-approved").first).to_be_visible()
        expect(amina.page.locator(".status-approved").first).to_be_visible()


def test_lanes_show_whom_nobody_has_met_and_the_map_agrees_with_its_list(amina: Visitor) -> None:
    page = amina.open("/timeline")
    page.get_by_role("link", name="Lanes").click()
    expect(page.locator("main")).to_contain_text("no contact for")
    amina.photograph("lanes")
    page.wait_for_selector(LIVE)
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.fill("#f-q", "market road")
    page.locator("main").get_by_role("button", name="Filter").click()
    expect(page.locator("#rows")).to_contain_text(ROAD)
    placed = page.locator("#rows [data-lon]").count()
    expect(page.locator("#map-count")).to_contain_text(str(placed))


def test_what_was_known_the_day_after_is_read_again(amina: Visitor) -> None:
    page = amina.open("/commitments?q=culvert")
    page.get_by_role("link", name=CULVERT).click()
    expect(page.locator("main")).to_contain_text("Disputed")
    page.get_by_text("As known at …").click()
    then = datetime.now(UTC) - timedelta(days=20)
    page.fill("#as-of", f"{then:%Y-%m-%dT12:00}")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".as-of-notice")).to_contain_text("You see what was known at")
    expect(page.locator("main")).not_to_contain_text("Disputed")
    page.get_by_role("link", name="Back to now").click()
    expect(page.locator("main")).to_contain_text("Disputed")


def test_the_council_owes_what_we_are_owed(demo: Demo) -> None:
    with demo.visitor("grace") as grace:
        page = grace.open("/commitments")
        culvert = page.locator("#column-overdue .promise", has_text=CULVERT)
        expect(culvert.locator(".direction")).to_have_text("We owe")
        grace.photograph("council")
        assert COMPOUND not in grace.open("/search?q=written+answer").content()


def test_the_ngo_forum_does_not_learn_that_there_is_more(demo: Demo, amina: Visitor) -> None:
    _compound(amina)
    with demo.visitor("peter") as peter:
        peter.page.goto(amina.page.url)
        expect(peter.page.locator("main")).to_contain_text("The two look the same on purpose")
        peter.search("market road")
        assert ROAD not in peter.page.content()
        peter.open("/people?q=Malakal")
        expect(peter.page.locator("main")).to_contain_text("Commissioner, Malakal Town Council")
        assert "Abienyo" not in peter.page.content()


def test_the_pages_turn_for_arabic(amina: Visitor) -> None:
    page = amina.open("/")
    page.click("summary[aria-label='Language and theme']")
    page.get_by_role("link", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.wait_for_selector(LIVE)
    page.wait_for_selector("#map[data-features]")
    amina.photograph("arabic")
    page.goto(amina.address + "/?lang=en")
    expect(amina.heading()).to_have_text("Today")


def test_every_picture_and_every_command_of_the_tour_exists() -> None:
    told = TOUR.read_text("utf-8")
    pictures = [IMAGES / name for name in re.findall(r"\]\(images/([^)]+)\)", told)]
    assert len(pictures) >= 6
    for picture in pictures:
        assert 0 < picture.stat().st_size < LARGEST_IMAGE_BYTES, picture.name
    assert set(re.findall(r"\./parley (\w+)", told)) <= set(COMMANDS)
    assert len(told.splitlines()) <= LONGEST_TOUR_LINES


def _commissioner(visitor: Visitor) -> Page:
    page = visitor.open("/people?q=Abienyo")
    page.get_by_role("link", name="Commissioner Bol Abienyo").click()
    expect(visitor.heading()).to_have_text("Commissioner Bol Abienyo")
    return page


def _compound(visitor: Visitor) -> None:
    visitor.open("/")
    visitor.search("written answer")
    visitor.page.get_by_role("link", name=COMPOUND).click()
    expect(visitor.heading()).to_have_text(COMPOUND)

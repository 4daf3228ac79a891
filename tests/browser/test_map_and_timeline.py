"""The map with its list, and the timeline: what they show, by keyboard and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_every_record_on_the_map_is_in_the_list_beside_it(visit: Visit) -> None:
    page = visit().open("/map")
    page.wait_for_selector("#map[data-features]")
    shown = str(page.text_content("#map-count")).split()[0]
    everything = page.locator("#rows [data-row]").count()
    expect(page.locator("#placed")).to_have_text(f"{shown} of {everything} have a place")


def test_the_keyboard_moves_the_highlight_of_list_and_map_and_the_address_keeps_it(
    visit: Visit,
) -> None:
    page = visit().open("/map")
    page.wait_for_selector("#map[data-page=ready]")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    second = page.locator("#rows [data-row]").nth(1)
    expect(second).to_have_class("at")
    chosen = second.get_attribute("data-id")
    expect(page.locator(f"#map[data-ring={chosen}]")).to_be_attached()
    page.reload()
    expect(page.locator("#rows [data-row].at")).to_have_attribute("data-id", str(chosen))


def test_a_preset_of_time_keeps_the_address_relative(visit: Visit) -> None:
    page = visit(scripts=False).open("/map")
    everything = page.locator("#rows [data-row]").count()
    page.click("text=Next 14 days")
    page.wait_for_url("**from=today**")
    assert 0 < page.locator("#rows [data-row]").count() < everything


def test_the_map_comes_after_the_list_on_a_phone(visit: Visit) -> None:
    page = visit(width=390, scripts=False).open("/map")
    rows, panel = page.locator("#rows").bounding_box(), page.locator(".map-panel").bounding_box()
    assert rows
    assert panel
    assert rows["y"] < panel["y"]


@pytest.mark.parametrize("view", ["agenda", "week", "month", "lanes"])
def test_the_timeline_reads_without_scripts(visit: Visit, view: str) -> None:
    page = visit(scripts=False).open(f"/timeline?view={view}")
    assert page.locator("#timeline a[href^='/records/']").count() > 3


def test_lanes_and_their_table_hold_the_same_meetings(visit: Visit) -> None:
    page = visit(scripts=False).open("/timeline?view=lanes&from=-30d&to=30d")
    bars = page.locator(".lane svg a").count()
    told = page.locator(".twin tbody td:nth-child(2)").all_inner_texts()
    page.click(".twin summary")
    assert bars == sum(
        int(one) for one in page.locator(".twin tbody td:nth-child(2)").all_inner_texts()
    )
    assert len(told) == page.locator(".lane-name").count()


def test_time_runs_from_right_to_left_in_arabic(visit: Visit) -> None:
    def places(lang: str) -> list[float]:
        page = visit(lang=lang, scripts=False).open("/timeline?view=lanes&from=-30d&to=30d")
        bars = page.locator(".lane svg").nth(1).locator("rect.bar")
        return [float(str(bar.get_attribute("x")).rstrip("%")) for bar in bars.all()]

    assert places("en") == sorted(places("en"))
    assert places("ar") == sorted(places("ar"), reverse=True)


def test_an_address_that_is_no_page_is_told_in_the_readers_language(visit: Visit) -> None:
    visitor = visit(lang="ar", scripts=False)
    page = visitor.context.new_page()
    answer = page.goto(visitor.site.address + "/no-such-page")
    assert answer
    assert answer.status == 404
    assert page.get_attribute("html", "lang") == "ar"
    expect(page.locator("nav.rail")).to_have_count(1)

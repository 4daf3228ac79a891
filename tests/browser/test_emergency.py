"""Emergency access on pages: opened in plain words, seen on every page, closed, reviewed, told to owners."""

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import assert_well_made
from tests.browser.conftest import ANSWER_SECONDS, Site, Visit, Visitor
from tests.browser.fake_emergencies import PAST, WAITING
from tests.browser.fake_world import an_id

DUTY, OFFICER = "duty-officer", "liaison-officer"
TALKS, NAME = f"/engagements/{an_id('engagement', 2)}", "SECRET-NAME"
BANNER = "#emergency"
SCREENS = (1366, 320)


@pytest.fixture
def duty(visit: Visit, site: Site) -> Iterator[Visitor]:
    """Somebody who holds no caveat, without scripts; whatever he opened is over in the end."""
    yield visit(DUTY, scripts=False)
    _shorten(site, 0)


def opened(visitor: Visitor, back: str = "/engagements") -> Page:
    page = visitor.open(f"/emergency?next={back}")
    page.check("input[value=PROTECTION]")
    page.select_option("#minutes", "30")
    page.fill("#reason", "Convoy stopped north of the ferry")
    page.get_by_role("button", name="Open it now").click()
    return page


def test_it_is_opened_with_a_reason_and_opens_what_was_withheld(duty: Visitor, site: Site) -> None:
    assert NAME not in duty.open(TALKS).content()
    page = opened(duty, TALKS)
    expect(page).to_have_url(site.address + TALKS)
    expect(page.locator("main")).to_contain_text(NAME)
    assert "SECRET-SOURCE" not in page.content()


def test_it_is_said_on_every_page_while_it_is_open_and_closed_there(duty: Visitor) -> None:
    page = opened(duty)
    for path in ("/", "/engagements", "/people", "/map", "/engagements/no-such-record"):
        page.goto(duty.site.address + path)
        expect(page.locator(BANNER)).to_contain_text("Protection of persons")
        expect(page.locator(BANNER)).to_contain_text("30 min left")
    page.get_by_role("button", name="Close it now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Emergency access")
    expect(page.locator("main")).to_contain_text("closed before its time")
    expect(page.locator(BANNER)).to_have_count(0)
    assert NAME not in duty.open(TALKS).content()


def test_what_is_missing_is_said_beside_its_field(duty: Visitor) -> None:
    page = duty.open("/emergency")
    page.get_by_role("button", name="Open it now").click()
    expect(page.locator("#e-caveats-1")).to_have_text("This is needed.")
    expect(page.locator("#e-reason-1")).to_have_text("This is needed.")
    expect(page.locator(BANNER)).to_have_count(0)


def test_a_form_of_another_page_opens_nothing(duty: Visitor) -> None:
    sent: dict[str, str | float | bool] = {
        "csrf_token": "another",
        "key": "k",
        "caveats": "PROTECTION",
        "reason": "Because",
    }
    for path in ("/emergency", f"/emergencies/{WAITING}/close", f"/emergencies/{WAITING}/review"):
        assert duty.context.request.post(duty.site.address + path, form=sent).status == 403
    expect(duty.open("/").locator(BANNER)).to_have_count(0)


def test_whoever_signed_in_long_ago_is_asked_to_sign_in_first(duty: Visitor, site: Site) -> None:
    duty.context.add_cookies([{"name": "stale", "value": "1", "url": site.address}])
    page = duty.open("/emergency")
    expect(page.get_by_role("heading", name="First, sign in again")).to_be_visible()
    expect(page.get_by_role("button", name="Open it now")).to_have_count(0)
    assert page.get_attribute("form[action='/sign-in'] [name=next]", "value") == "/emergency?next=/"


def test_it_is_offered_to_nobody_whose_role_has_it_not(visit: Visit) -> None:
    visitor = visit("ngo-forum", scripts=False)
    expect(visitor.open("/emergency").locator("h1")).to_have_text("Not allowed")
    assert 'href="/emergency"' not in visitor.open("/more").content()
    for emergency in (PAST, "glass_00000000000000000000000000"):
        expect(visitor.open(f"/emergencies/{emergency}").locator("h1")).to_have_text("Not found")


def test_when_its_time_is_over_it_goes_from_the_screen_by_itself(visit: Visit, site: Site) -> None:
    visitor = visit(DUTY)
    page = opened(visitor, TALKS)
    expect(page.locator("main")).to_contain_text(NAME)
    _shorten(site, 2)
    page.reload()
    expect(page.locator(BANNER)).to_be_visible()
    expect(page.locator(BANNER)).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert NAME not in page.content()
    assert visitor.complaints == []


def test_a_security_officer_sees_all_of_it_and_reviews_it(visit: Visit) -> None:
    page = visit(OFFICER, scripts=False).open("/emergencies")
    row = page.locator(f"[data-id={WAITING}]")
    expect(row).to_contain_text("To be reviewed")
    row.get_by_role("link").first.click()
    looks = page.get_by_role("region", name="What was read under it")
    expect(looks).to_contain_text("A record not shown to you")
    expect(looks).to_contain_text("Ceasefire line walk with both sides")
    page.get_by_role("button", name="Record the review").click()
    expect(page.locator("#e-finding-1")).to_be_visible()
    page.select_option("#finding", "not_justified")
    page.fill("#note", "The meeting was in no danger")
    page.get_by_role("button", name="Record the review").click()
    expect(page.locator("main")).to_contain_text("The meeting was in no danger")
    expect(page.get_by_role("button", name="Record the review")).to_have_count(0)


def test_owners_are_told_on_today_and_led_to_who_and_why(visit: Visit) -> None:
    page = visit(OFFICER, scripts=False).open("/")
    page.get_by_role("link", name="See which, by whom and why").click()
    shown = page.get_by_role("region", name="Read under emergency access")
    expect(shown.get_by_text("Ceasefire line walk with both sides").first).to_be_visible()
    expect(shown).to_contain_text("Convoy of 40 stopped north of the ferry")
    others = visit("ngo-forum", scripts=False)
    assert "See which" not in others.open("/").content()
    assert "Convoy of 40" not in others.open("/emergency/reads").content()


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_form_and_banner_have_no_barrier_and_fit_the_smallest_screen(
    visit: Visit, site: Site, lang: str
) -> None:
    page = visit(DUTY, lang=lang).open("/emergency")
    assert_well_made(page, *SCREENS)
    page.locator("main button.solid").click()
    assert_well_made(page, *SCREENS)
    page.check("input[value=PROTECTION]")
    page.fill("#reason", "Convoy")
    page.locator("main button.solid").click()
    expect(page.locator(BANNER)).to_be_visible()
    assert_well_made(page, *SCREENS)
    _shorten(site, 0)


def _shorten(site: Site, seconds: float) -> None:
    host = site.address.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=ANSWER_SECONDS)) as connection:
        connection.request("POST", f"/fake/shorten?seconds={seconds}")
        assert connection.getresponse().status == 200

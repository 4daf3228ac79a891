"""The browser of these tests: a page that makes it hang may fail a test, and not all that follow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.browsers import Browsers, end_browsers, guest, leave, see_out
from tests.browser.conftest import Site
from tests.browser.seats import Seats


def test_a_browser_that_was_ended_is_followed_by_another(browsers: Browsers) -> None:
    ended = browsers.current()
    assert browsers.current() is ended
    end_browsers()
    with guest(browsers.current()) as context:
        page = context.new_page()
        page.goto("data:text/html,<h1>Here again</h1>")
        assert page.inner_text("h1") == "Here again"


@pytest.mark.parametrize("out", [leave, lambda page: see_out(page.context)])
def test_a_page_on_its_way_is_closed_when_it_has_arrived(
    browsers: Browsers, site: Site, out: Callable[[Page], None]
) -> None:
    happened: list[str] = []

    def late(route: Route) -> None:
        route.continue_()

    with guest(browsers.current()) as context:
        page = context.new_page()
        page.on("load", lambda _: happened.append("arrived"))
        page.on("close", lambda _: happened.append("closed"))
        page.route("**/*.css", late)
        page.goto(f"{site.address}/sign-in", wait_until="commit")
        out(page)
    assert happened == ["arrived", "closed"]


def test_a_guest_without_scripts_finds_nothing_that_the_last_one_left(
    browsers: Browsers, site: Site, seats: Seats
) -> None:
    with seats.taken(browsers.current(), 640) as first:
        first.context.add_cookies([{"name": "left", "value": "behind", "url": site.address}])
        first.context.new_page()
        first.set_viewport_size({"width": 320, "height": 320})
    with seats.taken(browsers.current(), 640) as second:
        assert second is first
        assert second.context.cookies() == []
        assert second.context.pages == [second]
        assert second.viewport_size == {"width": 640, "height": 900}

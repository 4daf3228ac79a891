"""What holds of every page: readable by everybody, from nowhere else, on any screen.

Each page is loaded once in each language; themes and screens change on the page as it stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.barriers import COLOURS, EVERYTHING, Options, barriers
from tests.browser.conftest import Site, Visit, Visitor, doorman
from tests.browser.pages import PAGES
from tests.browser.seats import Seats
from tests.thorough import THOROUGH, one_in

LANGUAGES = ("en", "fr", "ar")
# Every page in the first; in the others, while working, a part of them.
TRANSLATED = list(product(LANGUAGES[1:], PAGES))[:: one_in(5)]
SCREENS = (1366, 390)
SMALLEST_SCREEN = 320
LEVELS = ("public", "unclassified", "confidential", "strictly_confidential")
MARK, BANNER = (re.compile(rf'class="{name}\b[^"]*?\blevel-(\w+)') for name in ("mark", "banner"))
# What surrounds every page, checked whole on the first: its colours are the same everywhere.
AROUND = [".topbar", ".rail"]
# Rows of a list are all made alike; the first ones speak for the others.
ALIKE = ["tbody tr:nth-child(n+7)", ".feed > li:nth-child(n+7)"]
# A mark cut short could hide to whom a portion is releasable.
CUT_MARKS = """() => [...document.querySelectorAll(".mark")]
  .filter((mark) => mark.scrollWidth > mark.clientWidth || getComputedStyle(mark).textOverflow === "ellipsis")
  .map((mark) => mark.textContent)"""
# Visible text outside of data: what somebody called something, times, ids and key names are not translated.
UNTRANSLATED = """() => {
  const data = "bdi, time, kbd, option, textarea, " +
    ".words, .id, .num, [hidden], script, style, template, .brand, #map";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const isData = node.parentElement.closest(data);
    if (!isData && /[A-Za-z]{3,}/.test(node.textContent)) found.push(node.textContent.trim());
  }
  return found;
}"""


@dataclass(frozen=True)
class Opened:
    """A page as it stands once it is live, and what the browser asked for and complained of."""

    page: Page
    lang: str
    requests: list[str]
    complaints: list[str]


@pytest.fixture(scope="module")
def regular(browser: Browser, site: Site, seats: Seats) -> Iterator[Visit]:
    """Somebody who keeps coming: the same arguments, the same browser context."""
    known: dict[str, Visitor] = {}
    with doorman(browser, site, seats) as visit:

        def visitor(*who: str, **how: Any) -> Visitor:  # Any: what `visit` takes
            key = f"{who}{how}"
            if key not in known:
                known[key] = visit(*who, **how)
            return known[key]

        yield visitor


@pytest.fixture(scope="module", params=[*product(LANGUAGES[:1], PAGES), *TRANSLATED], ids="-".join)
def opened(regular: Visit, request: pytest.FixtureRequest) -> Opened:
    lang, path = request.param
    visitor = regular(lang=lang)
    visitor.requests.clear()
    visitor.complaints.clear()
    page = _at(visitor, path)
    page.wait_for_selector("#connection[data-state=live]")
    return Opened(page, lang, [*visitor.requests], [*visitor.complaints])


def test_no_page_has_a_barrier_that_axe_knows(opened: Opened) -> None:
    assert _barriers(opened) == []


def test_a_page_asks_nothing_of_any_other_host_and_has_no_complaint(
    opened: Opened, site: Site
) -> None:
    own = [url for url in opened.requests if url.startswith((site.address, "data:"))]
    assert opened.requests == own
    assert [one for one in opened.complaints if "404" not in one] == []


def test_a_page_fits_a_screen_of_320_pixels(opened: Opened) -> None:
    opened.page.set_viewport_size({"width": SMALLEST_SCREEN, "height": 900})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= SMALLEST_SCREEN


def test_no_mark_is_cut_short_on_a_phone(opened: Opened) -> None:
    opened.page.set_viewport_size({"width": SCREENS[1], "height": 900})
    assert opened.page.evaluate(CUT_MARKS) == []


def test_the_sign_in_page_has_no_barrier_that_axe_knows(visit: Visit) -> None:
    assert barriers(visit(None).open("/sign-in?failed=failed")) == ""


def test_a_barrier_would_be_noticed(visit: Visit) -> None:
    page = visit(None).open("/sign-in")
    page.evaluate("document.querySelector('main').append(new Image())")
    assert "image-alt" in barriers(page)


@pytest.mark.parametrize("path", PAGES)
def test_no_string_of_a_page_escapes_translation(regular: Visit, path: str) -> None:
    page = _at(regular(lang="ar-XB", scripts=False), path)
    assert page.get_attribute("html", "dir") == "rtl"
    assert page.evaluate(UNTRANSLATED) == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["liaison-officer", "ngo-forum"])
def test_the_banner_is_never_below_a_mark_on_the_page(regular: Visit, path: str, who: str) -> None:
    visitor = regular(who)
    html = visitor.context.request.get(visitor.site.address + path).text()
    marks = [LEVELS.index(level) for level in MARK.findall(html)]
    banners = [LEVELS.index(level) for level in BANNER.findall(html)]
    assert len(banners) == 2
    assert min(banners) >= max(marks, default=0)


def _at(visitor: Visitor, path: str) -> Page:
    """In the same tab as the last time, on a desktop's screen."""
    if not visitor.context.pages:
        return visitor.open(path)
    page = visitor.context.pages[0]
    page.set_viewport_size({"width": SCREENS[0], "height": 900})
    page.goto(visitor.site.address + path)
    return page


def _barriers(opened: Opened) -> list[str]:
    """What axe finds on a desktop and on a phone, in both themes."""
    opened.page.emulate_media(reduced_motion="reduce")
    return [
        f"{theme} at {width}: {found}"
        for width in SCREENS
        for theme, without, options in _themes(opened, width)
        if (found := _looked_at(opened.page, width, theme, without, options))
    ]


def _themes(opened: Opened, width: int) -> list[tuple[str, list[str], Options]]:
    """What to look at in each; colours depend on no language and on no width, so while working one of each
    shows the dark ones."""
    light = ("light", ALIKE, EVERYTHING)
    if (opened.lang, width) != (LANGUAGES[0], SCREENS[0]) and not THOROUGH:
        return [light]
    first = urlsplit(opened.page.url).path == PAGES[0]
    return [light, ("dark", ALIKE if first else [*ALIKE, *AROUND], COLOURS)]


def _looked_at(page: Page, width: int, theme: str, without: list[str], options: Options) -> str:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    return barriers(page, options, without)

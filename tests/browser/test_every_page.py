"""What holds of every page: readable by everybody, from nowhere else, on any screen."""

import re

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.pages import PAGES

# Visible text outside of data: what somebody called something, times, ids and key names are not translated.
UNTRANSLATED = """() => {
  const data = "bdi, time, kbd, option, .words, .id, .num, [hidden], script, style, template, .brand, #map";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const isData = node.parentElement.closest(data);
    if (!isData && /[A-Za-z]{3,}/.test(node.textContent)) found.push(node.textContent.trim());
  }
  return found;
}"""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_no_page_has_a_barrier_that_axe_knows(visit: Visit, path: str, lang: str) -> None:
    page = visit(lang=lang).open(path)
    assert _barriers(page) == []


def test_the_sign_in_page_has_no_barrier_that_axe_knows(visit: Visit) -> None:
    found = Axe().run(visit(None).open("/sign-in?failed=failed"))
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nothing_of_any_other_host_and_has_no_complaint(
    visit: Visit, path: str
) -> None:
    visitor = visit()
    visitor.open(path).wait_for_selector("#connection[data-state=live]")
    own = [url for url in visitor.requests if url.startswith((visitor.site.address, "data:"))]
    assert visitor.requests == own
    assert [one for one in visitor.complaints if "404" not in one] == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_page_fits_a_screen_of_320_pixels(visit: Visit, path: str, lang: str) -> None:
    page = visit(width=320, lang=lang, scripts=False).open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", PAGES)
def test_no_string_of_a_page_escapes_translation(visit: Visit, path: str) -> None:
    page = visit(lang="ar-XB", scripts=False).open(path)
    assert page.get_attribute("html", "dir") == "rtl"
    assert page.evaluate(UNTRANSLATED) == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["liaison-officer", "ngo-forum"])
def test_the_banner_is_never_below_a_mark_on_the_page(visit: Visit, path: str, who: str) -> None:
    page = visit(who, scripts=False).open(path)
    order = ["public", "unclassified", "confidential", "strictly_confidential"]
    marks = [order.index(_level(mark)) for mark in _classes(page, ".mark")]
    banners = [order.index(_level(banner)) for banner in _classes(page, ".banner")]
    assert len(banners) == 2
    assert min(banners) >= max(marks, default=0)


def _barriers(page: Page) -> list[str]:
    """What axe finds in both themes, on a desktop and on a phone."""
    page.emulate_media(reduced_motion="reduce")
    return [
        f"{theme} at {width}: {found.generate_report()}"
        for theme in ("light", "dark")
        for width in (1366, 390)
        if (found := _looked_at(page, theme, width)).violations_count
    ]


def _looked_at(page: Page, theme: str, width: int) -> AxeResults:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    return Axe().run(page)


def _classes(page: Page, selector: str) -> list[str]:
    found = page.eval_on_selector_all(selector, "all => all.map(one => one.className)")
    return [str(one) for one in found]


def _level(classes: str) -> str:
    found = re.search(r"level-(\w+)", classes)
    assert found
    return found[1]

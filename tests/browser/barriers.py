"""Barriers on a page that axe knows, asked for in the quickest way that misses none."""

from collections.abc import Mapping, Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

from tests.browser.seats import HEIGHT_PIXELS

Options = Mapping[str, Any]  # Any: what axe takes
# `preload` would fetch every style sheet again, for one rule about turning the screen.
EVERYTHING: Options = {"resultTypes": ["violations"], "preload": False}
# A theme changes colours and nothing else.
COLOURS: Options = {**EVERYTHING, "runOnly": ["color-contrast", "link-in-text-block"]}
# It takes long to return every element that passed.
_LOOK = """async ([without, options]) => {
  const { violations, testEngine, url } = await axe.run({ exclude: without.map((one) => [one]) }, options);
  return { violations, testEngine, url };
}"""


def barriers(page: Page, options: Options = EVERYTHING, without: Sequence[str] = ()) -> str:
    """What was found, in words; nothing when there is none. `without`: selectors of what is left out."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate(_LOOK, [list(without), options]))
    return str(found.generate_report()) if found.violations_count else ""


def assert_well_made(page: Page, *widths: int) -> None:
    """As it stands, on screens of so many pixels: without a barrier, and no wider than they are."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT_PIXELS})
        assert barriers(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= width

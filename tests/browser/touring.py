"""The demo loaded and open to its people, for the test that walks docs/tour.md."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.entering import signed_in
from tests.stack.installation import Installation

SIZE: ViewportSize = {"width": 1366, "height": 800}
LIVE = "#connection[data-state=live]"


@dataclass(frozen=True)
class Visitor:
    """Somebody of the demo with a window of their own, and where the pictures go."""

    page: Page
    address: str
    album: Path

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def search(self, words: str) -> None:
        """As the tour says: `/`, the words, Enter."""
        self.page.wait_for_selector(LIVE)
        self.page.keyboard.press("/")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")
        expect(self.heading()).to_have_text("Search")

    def photograph(self, name: str) -> None:
        self.page.evaluate("document.fonts.ready")
        self.page.screenshot(path=self.album / f"tour-{name}.png")


@dataclass(frozen=True)
class Demo:
    """The loaded demo, open to its people."""

    installation: Installation
    browser: Browser
    album: Path

    @contextmanager
    def visitor(self, name: str) -> Iterator[Visitor]:
        with signed_in(self.browser, self.installation, name, viewport=SIZE) as page:
            one = Visitor(page, self.installation.gateway_url, self.album)
            expect(one.heading()).to_have_text("Today")
            yield one

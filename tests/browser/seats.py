"""Tabs without scripts, which one guest takes after another.

Such a tab remembers nothing but cookies, and to make one, in a context of its own, takes the browser
longer than all that is then done in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.browsers import PATIENCE_MILLISECONDS, leave

HEIGHT_PIXELS = 900


class Seats:
    """Of all files. A tab that was not left in order is not given to anybody else."""

    def __init__(self) -> None:
        self._free: dict[tuple[Browser, int], list[Page]] = {}

    @contextmanager
    def taken(self, browser: Browser, width: int) -> Iterator[Page]:
        """One of this width, without cookies, alone in its context."""
        free = self._free.setdefault((browser, width), [])
        page = free.pop() if free else _made(browser, width)
        yield page
        _tidied(page, width)
        free.append(page)


def screen(width: int) -> ViewportSize:
    """In pixels."""
    return {"width": width, "height": HEIGHT_PIXELS}


def _made(browser: Browser, width: int) -> Page:
    context = browser.new_context(viewport=screen(width), java_script_enabled=False)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    return context.new_page()


def _tidied(page: Page, width: int) -> None:
    for other in page.context.pages:
        if other is not page:
            leave(other)
    page.wait_for_load_state()
    page.context.clear_cookies()
    page.set_viewport_size(screen(width))

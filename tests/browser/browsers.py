"""Chromium for the tests of pages: one that answers, whose pages are closed when they have arrived."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil
from playwright.sync_api import Browser, BrowserContext, BrowserType, Error, Page

# The first one has no windows, and takes half the processor time of the others.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FIRST = "--remote-debugging-pipe"  # of the first of its processes; the others end with it
# What takes processor time for nothing. A browser with windows keeps two pages ready behind the address bar
# of each, with a process of their own, and a process for pages to come: half of what a context took.
UNUSED = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
# Chromium takes the last list of features it is given, so what Playwright turns off is named again.
OFF_FOR_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
ARGUMENTS = [
    f"--disable-features={','.join((*UNUSED, *OFF_FOR_PLAYWRIGHT))}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ANSWER_SECONDS = 120
PATIENCE_MILLISECONDS = 10_000


class Browsers:
    """One at a time: once it is gone, whoever asks gets another."""

    def __init__(self, chromium: BrowserType, program: str) -> None:
        self._chromium = chromium
        self._program = program
        self._running: Browser | None = None

    def current(self) -> Browser:
        if self._running is None or not _answers(self._running):
            self._running = self._chromium.launch(executable_path=self._program, args=ARGUMENTS)
        return self._running

    def close(self) -> None:
        if self._running is not None:
            self._running.close()


def program() -> str | None:
    """The path of a browser that is installed here."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def watched() -> Iterator[None]:
    """Ends a browser that answers no more, so that the call which waits for it fails and says where."""
    ending = threading.Timer(ANSWER_SECONDS, end_browsers)
    ending.start()
    try:
        yield
    finally:
        ending.cancel()


def end_browsers() -> None:
    """Kills those that this process started."""
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if FIRST in one.cmdline():
                one.kill()


@contextmanager
def guest(
    browser: Browser, **how: Any
) -> Iterator[BrowserContext]:  # Any: what `new_context` takes
    """A context of its own, which waits a while for what it is asked for, and is seen out."""
    context = browser.new_context(**how)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    try:
        yield context
    finally:
        see_out(context)


def see_out(context: BrowserContext) -> None:
    """Closes it when all its pages have come to where they were going."""
    try:
        for page in context.pages:
            page.wait_for_load_state()
    finally:
        context.close()


def leave(page: Page) -> None:
    """As above. One that is closed on its way may leave the browser unable to open the next."""
    page.wait_for_load_state()
    page.close()


def _answers(browser: Browser) -> bool:
    """That it is gone is only known once it was asked something."""
    with suppress(Error), watched():
        browser.new_browser_cdp_session().detach()
    return browser.is_connected()

"""One browser and one stand-in gateway for all tests of pages; a fresh browser context for each."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from deploy.local.state import free_port
from tests.browser.browsers import (
    PATIENCE_MILLISECONDS,
    Browsers,
    guest,
    program,
    watched,
)
from tests.browser.seats import Seats, screen

ROOT = Path(__file__).parents[2]
START_SECONDS = 20
ANSWER_SECONDS = 5


@dataclass(frozen=True)
class Site:
    """A running gateway of pages."""

    address: str

    def change(self, record_id: str, title: str) -> None:
        """A record gets another title, and open pages are told."""
        self._post(f"/fake/change/{record_id}?title={quote(title)}")

    def hide(self, record_id: str) -> None:
        """A record becomes its owner's only, and open pages are told."""
        self._post(f"/fake/hide/{record_id}")

    def take_down(self, *paths: str) -> None:
        """From now on reporting does not answer these paths; none: all is well again."""
        self._post(f"/fake/down?paths={','.join(paths)}")

    def begin_anew(self) -> None:
        """All that anybody did is undone."""
        self._post("/fake/anew")

    def own_views(self) -> None:
        """Nobody views as others any more."""
        self._post("/fake/own-views")

    def _post(self, path: str) -> None:
        host = self.address.removeprefix("http://")
        with closing(HTTPConnection(host, timeout=ANSWER_SECONDS)) as connection:
            connection.request("POST", path)
            assert connection.getresponse().status == 200


@dataclass
class Visitor:
    """Opens pages as somebody, at first in the `seat` if there is one, else in a tab of its own: of these
    every request the browser made is remembered."""

    context: BrowserContext
    site: Site
    seat: Page | None = None
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        page, self.seat = self.seat or self._tab(), None
        page.goto(self.site.address + path)
        return page

    def _tab(self) -> Page:
        page = self.context.new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._heard(message.type, message.text))
        return page

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)


@pytest.fixture(scope="package")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    port = free_port()
    command = [sys.executable, "-m", "tests.browser.fake_gateway", str(port)]
    # To a file, since a pipe that nobody empties stops whoever writes to it.
    said = tmp_path_factory.mktemp("stand-in") / "said.txt"
    with said.open("w") as kept:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, cwd=ROOT, stdout=kept, stderr=kept
        )
    try:
        _wait_until(lambda: "Uvicorn running" in said.read_text())
        yield Site(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


@pytest.fixture(scope="module")
def site(stand_in: Site) -> Site:
    """As if nobody had been there before."""
    stand_in.begin_anew()
    return stand_in


@pytest.fixture(scope="package")
def browsers() -> Iterator[Browsers]:
    found = program()
    if found is None:
        pytest.skip("no browser for the tests of pages (apt-get install chromium-headless-shell)")
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        started = Browsers(playwright.chromium, found)
        yield started
        started.close()


@pytest.fixture(scope="module")
def browser(browsers: Browsers) -> Browser:
    """The same for all files, unless it had to be ended in the last one."""
    return browsers.current()


@pytest.fixture(autouse=True)
def _seen_to_its_end() -> Iterator[None]:
    with watched():
        yield


@pytest.fixture(scope="package")
def seats() -> Seats:
    return Seats()


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, site: Site, seats: Seats) -> Iterator[Visit]:
    """`visit(who, width=1366, theme="light", lang="en", scripts=True)`: somebody at the door."""
    with doorman(browser, site, seats) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def officer(browser: Browser, site: Site, seats: Seats) -> Iterator[Visitor]:
    """Somebody without scripts, who stays for all tests of a file."""
    with doorman(browser, site, seats) as visitor:
        yield visitor("liaison-officer", scripts=False)


@pytest.fixture
def page(officer: Visitor) -> Iterator[Page]:
    """Where they sit."""
    officer.seat = None
    seat = officer.context.pages[0]
    yield seat
    seat.wait_for_load_state()


@contextmanager
def doorman(browser: Browser, site: Site, seats: Seats) -> Iterator[Visit]:
    """Lets visitors in, each with a browser context of their own, and sees them all out at the end."""
    with ExitStack() as leaving:

        def visitor(
            who: str | None = "liaison-officer",
            *,
            width: int = 1366,
            theme: str = "light",
            lang: str = "en",
            scripts: bool = True,
        ) -> Visitor:
            if scripts:
                seat = None
                context = leaving.enter_context(guest(browser, viewport=screen(width)))
            else:
                seat = leaving.enter_context(seats.taken(browser, width))
                context = seat.context
            chosen = {"parley_theme": theme, "parley_language": lang}
            if who:
                chosen["fake_session"] = who
            for name, value in chosen.items():
                context.add_cookies([{"name": name, "value": value, "url": site.address}])
            return Visitor(context, site, seat)

        yield visitor


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "the stand-in gateway did not start"
        time.sleep(0.05)

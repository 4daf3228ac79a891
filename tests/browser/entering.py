"""Signing in to an installation that runs, as one of its personas, in a browser context of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.browsers import guest, watched
from tests.stack.installation import Installation


@contextmanager
def signed_in(
    browser: Browser,
    installation: Installation,
    name: str,
    **how: Any,  # Any: what `new_context` takes
) -> Iterator[Page]:
    """Today, as this persona, by id or by the name to sign in with; seen out in the end."""
    who = next(one for one in installation.demo["personas"] if name in (one["id"], one["username"]))
    with guest(browser, **how) as context:
        with watched():
            page = context.new_page()
            page.goto(installation.gateway_url + "/")
            page.fill("#username", who["username"])
            page.fill("#password", who["password"])
            page.locator("main button[type=submit]").click()
            page.wait_for_selector("#connection")
        yield page

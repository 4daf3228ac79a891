"""The dashboard as a browser without JavaScript reads it: a form, a cookie, and pages of HTML."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.e2e.partner import REQUEST_SECONDS, Partner

NEXT_PAGE = re.compile(r'<a[^>]*rel="next"[^>]*href="([^"]+)"|<a[^>]*href="([^"]+)"[^>]*rel="next"')


@asynccontextmanager
async def signed_in(partner: Partner) -> AsyncIterator[aiohttp.ClientSession]:
    """A session with the persona's cookie."""
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    jar = aiohttp.CookieJar(unsafe=True)  # a loopback address may carry cookies too
    async with aiohttp.ClientSession(partner.gateway, timeout=timeout, cookie_jar=jar) as session:
        form = {"username": partner.persona.username, "password": partner.persona.password}
        async with session.post("/sign-in", data=form) as answer:
            assert answer.status == 200, await answer.text()
            assert "/sign-in" not in str(answer.url)
        yield session


async def whole_list(session: aiohttp.ClientSession, path: str) -> str:
    """The HTML of every page of a list, from `path` to the end."""
    told = ""
    while path:
        async with session.get(path) as answer:
            assert answer.status == 200
            page = await answer.text()
        told += page
        found = NEXT_PAGE.search(page)
        path = html.unescape(found.group(1) or found.group(2)) if found else ""
    return told

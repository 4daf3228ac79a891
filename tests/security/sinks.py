"""Everything that one persona can be told by, gathered as text: lists, search, map, feed, pages, errors."""

from collections.abc import AsyncIterator, Iterable, Sequence
from urllib.parse import quote

import aiohttp

from services.gateway.partner_api.kinds import KINDS
from tests.security.asking import ask
from tests.security.conftest import House
from tests.security.planting import Planted
from tests.thorough import one_in
from tests.worlds.reads import PAGES

LISTED = "page_size=500&count=true"
QUIET_SECONDS = 1.0
# One in so many records is asked for by its id and by its words: each way is the same for all of them.
SHARE = one_in(18, thorough=6)


async def sinks(
    house: House, persona: str, planted: Sequence[Planted], since: str
) -> AsyncIterator[tuple[str, str]]:
    """What was asked, and all that came back. `since`: this persona's cursor from before the planting."""
    some = planted[::SHARE]
    for path in (
        *lists(),
        *singles(some),
        f"/v1/changes?page_size=500&include=record&since={since}",
    ):
        yield path, await ask(house, persona, path)
    for path in (*PAGES, *record_pages(some)):
        yield path, await ask(house, persona, path, page=True)
    yield "the feed", await _feed(house, persona, since)


def lists() -> Iterable[str]:
    for plural in ("records", *(api.plural for api in KINDS), "attachments"):
        yield f"/v1/{plural}?{LISTED}"
        yield f"/v1/{plural}?{LISTED}&sort=title&as_of=2026-01-05T09:00:00Z"
    yield "/v1/records/map?bbox=31,9,32.5,10.5&zoom=14"
    yield "/v1/records/map?bbox=31,9,32.5,10.5&zoom=3&kind=engagement,place"
    for start in ("qk", "qkpe", "qken0"):
        yield f"/v1/records/suggest?q={start}&limit=10"
        yield f"/v1/records?q={start}&{LISTED}"


def singles(some: Sequence[Planted]) -> Iterable[str]:
    for one in some:
        for part in ("", "/history", "/edges", "/extracts", "/access", "/reads", "/removal"):
            yield f"/v1/records/{one.id}{part}"


def record_pages(some: Sequence[Planted]) -> Iterable[str]:
    plurals = {api.kind: api.plural for api in KINDS}
    for one in some:
        for path in (
            f"/{plurals[one.kind]}/{one.id}",
            f"/parts/records/{one.id}",
            f"/records/{one.id}/access",
            f"/records/{one.id}/extracts",
        ):
            yield path
            yield f"{path}?tab=history"
    yield f"/search?q={quote('qk')}"
    yield f"/parts/palette?q={quote('qk')}"


async def _feed(house: House, persona: str, since: str) -> str:
    """What the feed says from the cursor on, until it has nothing more to say for a while."""
    seat, told = house.seats[persona], b""
    headers = {"Authorization": f"Bearer {seat.token}", "Last-Event-ID": since}
    timeout = aiohttp.ClientTimeout(total=None, sock_read=QUIET_SECONDS)
    path = "/v1/events?include=record"
    try:
        async with house.world.http.get(path, headers=headers, timeout=timeout) as answer:
            async for part in answer.content.iter_any():
                told += part
    except aiohttp.SocketTimeoutError:
        return told.decode()
    return told.decode()

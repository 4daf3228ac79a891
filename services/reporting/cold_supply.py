"""Events read over HTTP from the services that decided them: for a rebuild while the bus is gone."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from services.reporting.settings import ReportingSettings
from shared.consumer import GapError, Handler
from shared.event_reading import PAGE_EVENTS, PATH, PRIVATE_KEY, read_event, rebuilder
from shared.principal_signing import HEADER, Signer, load_signer, request_digest

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0
REST_SECONDS = 0.5


class RefusedError(Exception):
    """The service did not give its events."""


class ColdSupply:
    """One service's events."""

    def __init__(self, http: aiohttp.ClientSession, url: str, service: str, signer: Signer) -> None:
        self._http = http
        self._url = url
        self._service = service
        self._signer = signer

    async def head(self) -> int:
        """Position of the last event."""
        return int((await self._page(0, limit=1))["head"])

    async def run(self, start_after: int, handle: Handler) -> None:
        """Give `handle` every event after position `start_after`, in order, for ever."""
        reached = start_after
        while True:
            spelled = (await self._page(reached, limit=PAGE_EVENTS))["events"]
            events = [read_event(one) for one in spelled]
            if not events:
                await asyncio.sleep(REST_SECONDS)
                continue
            places = [reached, *(event.position for event in events)]
            if places != sorted(set(places)):
                raise GapError(f"{self._service} gives its events in no order")
            await handle(events)
            reached = events[-1].position

    async def _page(self, after: int, limit: int) -> dict[str, Any]:  # Any: JSON
        target = f"{PATH}?after={after}&limit={limit}"
        digest = request_digest("GET", target, b"")
        headers = {HEADER: self._signer.sign(rebuilder(), self._service, digest)}
        async with self._http.get(self._url + target, headers=headers) as answer:
            if answer.status != 200:
                raise RefusedError(f"{self._service} answered {answer.status}")
            page: dict[str, Any] = await answer.json()  # Any: JSON
            return page


@asynccontextmanager
async def cold_supplies(
    settings: ReportingSettings, urls: Mapping[str, str]
) -> AsyncIterator[Mapping[str, ColdSupply]]:
    """`urls` by service. Raises OSError when there is no key for it."""
    signer = load_signer(settings.secrets_dir / PRIVATE_KEY, settings.mission)
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS, sock_connect=CONNECT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        yield {name: ColdSupply(http, url, name, signer) for name, url in urls.items()}

"""What a process shows of itself from outside: `/metrics` to be asked, OTLP to be told."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp

from shared.health import Check, run_checks
from shared.metrics import Durations, Point
from shared.metrics_otlp import as_otlp
from shared.metrics_points import points_of, points_of_checks
from shared.metrics_text import as_text
from shared.standing import Observe, Standing, nothing_to_tell

EXPORT_SECONDS = 15.0
SEND_SECONDS = 5.0
OBSERVE_SECONDS = 3.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Of one process. `resource` names it to a collector: service, mission, site."""

    checks: Mapping[str, Check]
    resource: Mapping[str, str]
    observe: Observe = nothing_to_tell
    durations: Durations = field(default_factory=Durations)
    began_nanos: int = field(default_factory=time.time_ns)

    async def standing(self) -> Standing:
        """As far as it can be learnt now: a database that is away must not silence the rest."""
        try:
            async with asyncio.timeout(OBSERVE_SECONDS):
                return await self.observe()
        except Exception as wrong:  # noqa: BLE001 - health says what is wrong
            _log.info("the standing is not known", extra={"error": type(wrong).__name__})
            return Standing()

    async def points(self) -> list[Point]:
        found, standing = await asyncio.gather(run_checks(self.checks), self.standing())
        return [*points_of_checks(found), *points_of(standing), *self.durations.points()]

    async def text(self) -> str:
        return as_text(await self.points())


@asynccontextmanager
async def exporting(telemetry: Telemetry, endpoint: str | None) -> AsyncIterator[None]:
    """While open, tells the collector at `endpoint`, if there is one, over OTLP every EXPORT_SECONDS."""
    if not endpoint:
        yield
        return
    task = asyncio.create_task(_export(telemetry, endpoint.rstrip("/") + "/v1/metrics"))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _export(telemetry: Telemetry, url: str) -> None:
    timeout = aiohttp.ClientTimeout(total=SEND_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        while True:
            try:
                await _tell(telemetry, http, url)
            except (aiohttp.ClientError, OSError, TimeoutError) as fault:
                extra = {"error": type(fault).__name__}
                _log.warning("the collector did not take the metrics", extra=extra)
            await asyncio.sleep(EXPORT_SECONDS)


async def _tell(telemetry: Telemetry, http: aiohttp.ClientSession, url: str) -> None:
    points = await telemetry.points()
    body = as_otlp(points, telemetry.resource, telemetry.began_nanos, time.time_ns())
    async with http.post(url, json=body) as answer:
        answer.raise_for_status()

"""Relabelling must not wait: are the overrides close behind every source that can be reached?"""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import APIError

from shared.bus import Address
from shared.errors import BusyError
from shared.projection_runner import Runner

LOOK_SECONDS = 1.0
ASK_SECONDS = 2.0
BEHIND_SECONDS = 5.0
RETRY_SECONDS = 2

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """What the stream held at a moment (of the monotonic clock, seconds)."""

    position: int
    at: float


class LabelsBehindError(BusyError):
    """Reading now could show what has been withdrawn."""


class LagWatch:
    """Of the overrides projection, one runner per source."""

    def __init__(
        self, client: Client, addresses: Mapping[str, Address], runners: Mapping[str, Runner]
    ) -> None:
        self._js = client.jetstream(timeout=ASK_SECONDS)
        self._addresses = addresses
        self._runners = runners
        self._marks: dict[str, Mark] = {}
        self._behind: set[str] = set()

    async def run(self) -> None:
        while True:
            for source in self._runners:
                await self._look(source)
            await asyncio.sleep(LOOK_SECONDS)

    async def check(self) -> None:
        """Raises LabelsBehindError while a source's overrides are parked or too far behind."""
        parked = any(runner.parked for runner in self._runners.values())
        if parked or self._behind:
            raise LabelsBehindError(
                "Changes of labels have not all arrived; nothing is shown until they have.",
                retry_after_seconds=RETRY_SECONDS,
            )

    async def _look(self, source: str) -> None:
        """Behind: what the stream held BEHIND_SECONDS ago has still not been taken in."""
        try:
            state = (await self._js.stream_info(self._addresses[source].stream)).state
        except (APIError, NatsError, OSError, TimeoutError):
            self._marks.pop(source, None)
            self._behind.discard(source)
            return
        now = time.monotonic()
        taken = self._runners[source].checkpoint.position
        mark = self._marks.get(source)
        if mark is None and taken < state.last_seq:
            # Only just seen: nobody knows since when.
            self._marks[source] = Mark(state.last_seq, now)
            self._behind.add(source)
        elif mark is None or taken >= mark.position:
            self._marks[source] = Mark(state.last_seq, now)
            self._behind.discard(source)
        elif now - mark.at > BEHIND_SECONDS:
            if source not in self._behind:
                _log.error("labels are behind", extra={"source": source})
            self._behind.add(source)

"""Wakes the open feeds when reporting has something new. Without the bus they look every two seconds."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from nats.aio.msg import Msg
from nats.errors import Error as BusError

from services.gateway.settings import GatewaySettings
from shared.bus import Address, open_bus

LOOK_ANYWAY_SECONDS = 2.0
CONNECT_AGAIN_SECONDS = 2.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Wake:
    """`count` grows with every wake-up, so that none is missed between a look and a wait."""

    count: int = 0
    listeners: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def call(self) -> None:
        self.count += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def after(self, seen: int, seconds: float = LOOK_ANYWAY_SECONDS) -> None:
        """Returns when `count` has passed `seen`, or after `seconds`: whichever comes first."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.count <= seen:
                    await self._changed.wait()


@asynccontextmanager
async def open_wake(settings: GatewaySettings) -> AsyncIterator[Wake]:
    """A Wake that listens for as long as it is open, whether or not the bus is there yet."""
    wake = Wake()
    listening = asyncio.create_task(_listen(settings, wake))
    try:
        yield wake
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def _listen(settings: GatewaySettings, wake: Wake) -> None:
    async def called(_: Msg) -> None:
        wake.call()

    subject = Address(settings.mission, settings.site, "reporting").wake
    while True:
        try:
            async with open_bus(
                settings.nats_url,
                settings.nats_seed_file,
                name="gateway",
                ca_file=settings.nats_ca_file,
            ) as bus:
                await bus.subscribe(subject, cb=called)
                while not bus.is_closed:  # noqa: ASYNC110 - the library reconnects; this is the rest
                    await asyncio.sleep(CONNECT_AGAIN_SECONDS)
        except (BusError, OSError, ValueError) as absent:
            _log.warning("the bus cannot be reached", extra={"error": type(absent).__name__})
        await asyncio.sleep(CONNECT_AGAIN_SECONDS)

"""Clock and chance of one world, a function of its seed and the number of the request at hand."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.clock import held_at
from shared.ids import seeded_ids

# Past: tokens issued in a time still to come would not be believed.
START = datetime(2026, 1, 5, 6, tzinfo=UTC)
STEP = timedelta(seconds=1)


@dataclass
class Moment:
    """`number` is set before each request; nothing counts by itself, so no world runs ahead."""

    seed: str
    number: int = 0

    @property
    def now(self) -> datetime:
        return START + self.number * STEP

    def chance(self, *of: str) -> bytes:
        return hashlib.sha256("\n".join((self.seed, str(self.number), *of)).encode()).digest()


class Seeded:
    """Runs every request of a service in its world's moment; what runs by itself keeps the real clock."""

    def __init__(self, app: ASGIApp, moment: Moment, service: str) -> None:
        self._app, self._moment, self._service = app, moment, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        chance = self._moment.chance(self._service, scope["method"], scope["path"])
        with held_at(self._moment.now), seeded_ids(chance):
            await self._app(scope, receive, send)

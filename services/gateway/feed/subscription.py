"""One open feed: from the reader's cursor on, woken when there is something, for as long as he is let in."""

import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from services.gateway.authentication import Caller
from services.gateway.feed.changes import Cursor, Pulled, pull, sealed
from services.gateway.feed.event_stream import frame
from services.gateway.feed.wake import LOOK_ANYWAY_SECONDS
from services.gateway.wiring import Gateway
from shared.errors import BusyError
from shared.principal import Principal

PING_SECONDS = 15.0
RETRY_MILLISECONDS = 2_000
PING = b": ping\n"
# Frames of one look: the caller's form of changes and resets.
Written = Callable[[Principal, Pulled], AsyncGenerator[bytes, None]]


@dataclass(frozen=True, slots=True)
class Subscription:
    gateway: Gateway
    caller: Caller
    since: Cursor | None
    written: Written

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """The first frame gives the place to resume from, so that nothing is missed from then on."""
        cursor = self.since
        if cursor is None:
            cursor = (await pull(self.gateway, self.caller.principal, None)).cursor
        yield f"retry: {RETRY_MILLISECONDS}\n".encode() + self._place(cursor)
        told_at = time.monotonic()
        seen = self.gateway.wake.count
        while principal := await self.caller.standing():
            pulled = await self._pulled(principal, cursor)
            cursor = pulled.cursor
            async for each in self.written(principal, pulled):
                told_at = time.monotonic()
                yield each
            if time.monotonic() - told_at >= PING_SECONDS:
                told_at = time.monotonic()
                yield PING + self._place(cursor)
            seen = await self._something_new(seen, pulled, told_at)

    async def _pulled(self, principal: Principal, cursor: Cursor) -> Pulled:
        """Nothing new while reporting does not answer: the feed stays open, and goes on when it does."""
        try:
            return await pull(self.gateway, principal, cursor, shared=True)
        except BusyError:
            return Pulled((), cursor, reset=False, more=False)

    async def _something_new(self, seen: int, pulled: Pulled, told_at: float) -> int:
        """Waits for a wake-up after the `seen`th, at most until the next look is due anyway."""
        if not pulled.more:
            left = PING_SECONDS - (time.monotonic() - told_at)
            await self.gateway.wake.after(seen, min(LOOK_ANYWAY_SECONDS, left))
        return self.gateway.wake.count

    def _place(self, cursor: Cursor) -> bytes:
        return frame(cursor=sealed(self.gateway, self.caller.principal, cursor))

"""Compares the whole stream with the store, event by event and byte by byte, slowly and for ever."""

import asyncio
import logging
from collections.abc import Callable

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError

from shared.agreeing import RefillError, check_range
from shared.bus import Address
from shared.errors import BusyError
from shared.eventstore.store import EventStore
from shared.stream import HaltedError

# At most AT_ONCE events every STEP_SECONDS: a hundred a second, a few hundredths of a core.
AT_ONCE = 25
STEP_SECONDS = 0.25
# After a whole walk; what is appended meanwhile is compared as it comes.
REST_SECONDS = 600.0

_log = logging.getLogger(__name__)


class Auditor:
    """`audited`: up to which position stream and store were found the same, in this walk or the last."""

    def __init__(
        self,
        store: EventStore,
        js: JetStreamContext,
        address: Address,
        *,
        step_seconds: float = STEP_SECONDS,
    ) -> None:
        self._store = store
        self._js = js
        self._address = address
        self._step_seconds = step_seconds
        self._at = 0
        self._suspects: tuple[int, int] | None = None
        self._found: HaltedError | RefillError | None = None
        self.audited = 0
        self.walks = 0

    async def run(self, relayed: Callable[[], int]) -> None:
        """For ever, as far as `relayed()` says. What it finds, `check` raises."""
        loop = asyncio.get_running_loop()
        rested = loop.time()
        while True:
            if self._found is None and self._at < relayed():
                await self._step(relayed())
                rested = loop.time()
            elif loop.time() - rested > REST_SECONDS:
                self._at, self.walks = 0, self.walks + 1
                rested = loop.time()
            await asyncio.sleep(self._step_seconds)

    def check(self) -> None:
        """Raises what was found, until `recheck` finds it gone."""
        if self._found is not None:
            raise self._found

    async def recheck(self) -> None:
        """Looks again where something was found. Raises it when it is still there."""
        if self._suspects is not None:
            await check_range(self._store, self._js, self._address, *self._suspects)
        self._suspects = self._found = None

    def begin_again(self) -> None:
        """The stream is filled anew: nothing of it has been compared."""
        self._at = self.audited = 0
        self._suspects = self._found = None

    async def _step(self, until: int) -> None:
        last = min(self._at + AT_ONCE, until)
        try:
            await check_range(self._store, self._js, self._address, self._at + 1, last)
        except (HaltedError, RefillError) as found:
            self._found, self._suspects = found, (self._at + 1, last)
            _log.error("the audit found something", extra={"reason": str(found)})
        except (APIError, NatsError, BusyError, OSError, TimeoutError):
            return  # neither server need be there; the walk goes on when they are
        else:
            self._at = last
            self.audited = max(self.audited, last)

"""From the event store to the stream, in order, each event at the sequence that is its position.

The relay keeps no cursor: it asks the stream for its last sequence, compares hashes there, and goes on.
Two relays at once are harmless: what they publish is the same, and the server fences them by sequence.
A lease lets one of several replicas do it. A stream that lacks messages is removed and filled anew from
the store; one that says something else halts the relay, which says why.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError

from shared.agreeing import RefillError, check_ahead, check_range, check_whole
from shared.auditing import Auditor
from shared.bus import REQUEST_SECONDS, Address
from shared.errors import BusyError, HealthError
from shared.eventstore.model import Recorded
from shared.eventstore.store import EventStore
from shared.leases import RENEW_SECONDS, Lease
from shared.leasing import hold, keep, let_go
from shared.publishing import Publisher, RefusedError
from shared.stream import SINGLE, HaltedError, Shape, ensure_stream, has_holes, remove_stream
from shared.windows import WINDOW_EVENTS, MisplacedError, Window

READ_EVENTS = 500
POLL_SECONDS = 0.5
RETRY_SECONDS = 0.5
LOOK_SECONDS = 2.0
HALT_SECONDS = 5.0
STUCK_SECONDS = 10.0
# Somebody who writes past the relay is healed so many times; then a person must look.
STRAYS_HEALED = 3

# Decides, if it has to be, what became of store and stream (shared/continuity.py).
Settle = Callable[[], Awaitable[None]]

_log = logging.getLogger(__name__)


class StuckError(HealthError):
    """Nothing could be relayed for a while."""

    code = "stuck"


class _StartOverError(Exception):
    """The stream is not what this relay has left."""


class Relay:
    """One per process of a deciding service. `run` never returns; cancel it."""

    def __init__(  # noqa: PLR0913 - what it stands between, and what has a default
        self,
        store: EventStore,
        client: Client,
        address: Address,
        *,
        lease: Lease | None = None,
        shape: Shape = SINGLE,
        settle: Settle | None = None,
        stuck_seconds: float = STUCK_SECONDS,
    ) -> None:
        self._store = store
        self._stuck_seconds = stuck_seconds
        self._client = client
        self._js: JetStreamContext = client.jetstream(timeout=REQUEST_SECONDS)
        self._address = address
        self._lease = lease
        self._shape = shape
        self._settle = settle
        self._failing_since: float | None = None
        self._looked = 0.0
        self._strays = 0
        self.auditor = Auditor(store, self._js, address)
        self.leads = lease is None
        self.relayed = 0
        self.refills = 0
        self.halt: HaltedError | None = None

    async def check(self) -> None:
        """For health: raises when halted, or when every try has failed for `stuck_seconds`."""
        if self.halt:
            raise self.halt
        since = self._failing_since
        if since is not None and _now() - since > self._stuck_seconds:
            raise StuckError(f"nothing is relayed after position {self.relayed}")

    @property
    def state(self) -> str:
        """In one word, for those who look on."""
        if self.halt:
            return "halted"
        if self._failing_since is not None:
            return "failing"
        return "ok" if self.leads else "standby"

    async def lag(self) -> int:
        """How many events the stream does not hold yet, as far as this relay knows."""
        return (await self._store.head()).position - self.relayed

    async def run(self) -> None:
        lease = self._lease
        while True:
            if lease is None:
                await self._work()
            elif await hold(lease, unknown=False):
                await self._lead(lease)
            else:
                await self._stand_by()

    async def _lead(self, lease: Lease) -> None:
        """While the lease is ours. The fence keeps right what happens when it no longer is."""
        self.leads = True
        try:
            async with asyncio.TaskGroup() as group:
                working = group.create_task(self._work())
                await keep(lease)
                working.cancel()
        finally:
            self.leads = False
            self.halt = self._failing_since = None
            await let_go(lease)

    async def _stand_by(self) -> None:
        """Another replica relays; how far it has come is seen at the stream."""
        with suppress(APIError, NatsError, OSError, TimeoutError):
            self.relayed = (await self._js.stream_info(self._address.stream)).state.last_seq
        await asyncio.sleep(RENEW_SECONDS)

    async def _work(self) -> None:
        auditing = asyncio.create_task(self.auditor.run(lambda: self.relayed))
        try:
            while True:
                await self._try()
        finally:
            auditing.cancel()

    async def _try(self) -> None:
        try:
            await self._follow()
        except HaltedError as halt:
            self.halt = halt
            _log.error("relay halted", extra={"reason": str(halt)})
            await asyncio.sleep(HALT_SECONDS)
        except _StartOverError:
            return
        except RefillError as lacking:
            await self._refill(lacking)
        except (RefusedError, APIError, NatsError, BusyError, OSError, TimeoutError) as fault:
            self._failing_since = self._failing_since or _now()
            _log.warning("relay starts over", extra={"error": type(fault).__name__})
            await asyncio.sleep(RETRY_SECONDS)

    async def _refill(self, lacking: RefillError) -> None:
        """Remove the stream; what follows makes it anew and fills it from the store."""
        if lacking.stray:
            self._strays += 1
            if self._strays > STRAYS_HEALED:
                self.halt = lacking.stray
                await asyncio.sleep(HALT_SECONDS)
                return
        _log.error("the stream is filled anew", extra={"reason": str(lacking)})
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                await remove_stream(self._js, self._address)
        except (APIError, NatsError, OSError, TimeoutError) as fault:
            self._failing_since = self._failing_since or _now()
            _log.warning("the stream stays as it is", extra={"error": type(fault).__name__})
            await asyncio.sleep(RETRY_SECONDS)
            return
        self.refills += 1
        self.relayed = 0
        self.auditor.begin_again()

    async def _follow(self) -> None:
        """Bring the stream up to the store, then wait for more. Reading overlaps with acks."""
        self.relayed = last = await self._agree()
        self.halt = None
        async with Publisher(self._client) as publisher:
            batches = self._shape.batches
            window = Window(publisher, self._address, last, self._reach, batches=batches)
            reading = self._read(last)
            try:
                while True:
                    await self._look(window)
                    if events := await reading:
                        last = events[-1].position
                        reading = self._read(last)
                        await window.publish(events)
                    else:
                        await window.settle()
                        self._failing_since = None
                        await self._wait()
                        reading = self._read(last)
            finally:
                reading.cancel()

    def _reach(self, position: int) -> None:
        self.relayed = position
        self._failing_since = None

    def _read(self, after: int) -> "asyncio.Task[list[Recorded]]":
        self._store.appended.clear()  # before reading: what comes from now on wakes us if unread
        return asyncio.create_task(self._store.read_all(after, READ_EVENTS))

    async def _agree(self) -> int:
        """The stream's last sequence, after checking that it is ours."""
        if self._settle:
            await self._settle()
        state = (await ensure_stream(self._js, self._address, self._shape)).state
        self._looked = _now()
        check_whole(state)
        await self.auditor.recheck()
        last = state.last_seq
        head = await self._store.head()
        if last > head.position:
            await check_ahead(self._js, self._address, last, head.position)
        elif last:
            # What was on its way when one was refused may have been stored behind a stranger's.
            first = max(last - WINDOW_EVENTS, 1)
            await check_range(self._store, self._js, self._address, first, last)
        return last

    async def _look(self, window: Window) -> None:
        """Now and then: a stream may be purged or changed without any publish failing."""
        self.auditor.check()
        if _now() - self._looked < LOOK_SECONDS:
            return
        state = (await ensure_stream(self._js, self._address, self._shape)).state
        self._looked = _now()
        if has_holes(state) or not self.relayed <= state.last_seq <= window.last:
            raise _StartOverError

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._store.appended.wait()
        except TimeoutError:
            return  # another process may have appended


def _now() -> float:
    """Seconds, of no particular day."""
    return asyncio.get_running_loop().time()


__all__ = ["HaltedError", "MisplacedError", "Relay", "StuckError"]

"""After every start of the database: has it lost what the stream still holds?

A tail that extends our chain is adopted. Otherwise, and whenever the store lives on another server than
before, another epoch opens above every position that was ever used, so that none is used twice.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError, NotFoundError

from shared.adopting import Tail
from shared.bus import REQUEST_SECONDS, Address
from shared.clock import utc_now
from shared.epoch_events import Opening
from shared.errors import BusyError
from shared.eventstore.epochs import EpochBook, Server
from shared.eventstore.store import EventStore
from shared.gate import Gate
from shared.ids import new_uuid
from shared.stream import remove_stream

_log = logging.getLogger(__name__)


PATIENCE_SECONDS = 5.0
RETRY_SECONDS = 0.5

FindClient = Callable[[], Client | None]


class _MovedOnError(BusyError):
    """Another process decided, or appended, meanwhile."""


@dataclass(frozen=True, slots=True)
class Decided:
    """`adopted`: how many events came back. `opened`: the epoch that had to be opened, if one had to."""

    adopted: int
    opened: Opening | None


class Continuity:
    """One per process of a deciding service."""

    def __init__(self, store: EventStore, book: EpochBook, gate: Gate, address: Address) -> None:
        self._store = store
        self._book = book
        self._gate = gate
        self._address = address
        self._lock = asyncio.Lock()
        self._without_stream = False
        self.last: Decided | None = None

    async def keep(self, find_client: FindClient) -> None:
        """Settle whenever the gate closes, for ever; `find_client`: the connection to the bus, if any."""
        while True:
            await self._gate.closed.wait()
            since = asyncio.get_running_loop().time()
            while not self._gate.is_open:
                try:
                    await self._try(find_client(), since)
                except Exception as wrong:  # noqa: BLE001 - whatever it is, the gate stays closed
                    _log.warning("not settled", extra={"error": type(wrong).__name__})
                await asyncio.sleep(0 if self._gate.is_open else RETRY_SECONDS)

    async def settle(self, js: JetStreamContext) -> None:
        """Open the gate, if it is closed, after comparing with the stream. Raises what the servers do."""
        async with self._lock:
            if self._gate.is_open and not self._without_stream:
                return
            self._gate.close()
            server = await self._book.server()
            self.last = await self._decide(js, server)
            self._without_stream = False
            self._gate.open_for(server.started)

    async def settle_without_stream(self) -> bool:
        """While the bus is away commands go on, unless the store has moved: only the stream knows then."""
        async with self._lock:
            server = await self._book.server()
            if server.moved:
                return False
            await self._book.remember()
            self._without_stream = True
            self._gate.open_for(server.started)
            return True

    async def _try(self, client: Client | None, since: float) -> None:
        impatient = asyncio.get_running_loop().time() - since > PATIENCE_SECONDS
        try:
            if client is not None and client.is_connected:
                await self.settle(client.jetstream(timeout=REQUEST_SECONDS))
                return
        except (APIError, NatsError, TimeoutError):
            if not impatient:
                raise
        if impatient:
            await self.settle_without_stream()

    async def _decide(self, js: JetStreamContext, server: Server) -> Decided:
        last = await self._last(js)
        tail = Tail(self._store, self._book, js, self._address)
        adopted = await tail.adopt(last)
        head = await self._store.head()
        until = min(head.position, last)
        agreed = await tail.agreed(until)
        opening = None
        if agreed < until or last > head.position or server.moved:
            reason = "diverged" if agreed < until or last > head.position else "restored"
            above = max(head.position, last)
            opening = Opening(
                head.epoch + 1, head.position, agreed if last else head.position, above, reason
            )
            if not await self._book.open(head, opening, new_uuid(), utc_now()):
                raise _MovedOnError("the store has moved on; it is compared again")
        await self._book.remember()
        if last > agreed:
            await remove_stream(js, self._address)  # it holds what is void now; the relay fills it
        if adopted or opening:
            told = {"adopted": adopted, "epoch": opening.epoch if opening else head.epoch}
            _log.error("the database had been restored", extra=told)
        return Decided(adopted, opening)

    async def _last(self, js: JetStreamContext) -> int:
        try:
            return (await js.stream_info(self._address.stream)).state.last_seq
        except NotFoundError:
            return 0

"""The book of reads: what is shown is noted at once in memory, and written by events a moment later.

Nobody waits for it, unless he reads in an emergency. But it is bounded: while the event store is away longer
than the book has room for, nothing is shown that would have to be noted.
"""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Hashable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from services.gateway.access.administration import administration
from services.gateway.reads.noticing import Json, Shown, shown_in
from shared import trace
from shared.clock import utc_now
from shared.commands_kit import Kit
from shared.contracts.reads import NotedRead, ReadsNoted, Way
from shared.database import is_passing
from shared.errors import AppError, BusyError
from shared.event_meta import EventMeta
from shared.eventstore.errors import CommandAlreadyApplied, VersionConflict
from shared.eventstore.model import Append, CommandMark
from shared.ids import Kind, RecordId, new_bytes
from shared.labels import Label, reads, to_json
from shared.principal import Principal

GATHER_SECONDS = 0.2
AGAIN_SECONDS = 0.5
LAST_SECONDS = 3.0
URGENT_SECONDS = 5.0
AT_ONCE = 200
ROOM = 20_000
# The same person shown the same portions of the same version the same way is noted once in so long.
SAME_SECONDS = 600.0
REMEMBERED = 50_000
BY = "gateway"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """One read that waits to be written."""

    noted: Mapping[str, Any]  # Any: the fields of NotedRead but `portions`
    shown: Shown
    written: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class ReadBook:
    """One per process; its events are one stream."""

    kit: Kit
    mission: str
    stream: RecordId = field(default_factory=lambda: RecordId.new(Kind.READS))
    version: int = 0
    waiting: deque[Read] = field(default_factory=deque)
    seen: OrderedDict[Hashable, float] = field(default_factory=OrderedDict)
    noted: asyncio.Event = field(default_factory=asyncio.Event)

    async def note(self, principal: Principal, way: Way, path: str, answer: Json) -> None:
        """What of `answer`, of the address `path`, `principal` is about to be shown.

        Raises BusyError when there is no room, or when a read in an emergency is not written in time: then
        it must not be shown.
        """
        now = utc_now().timestamp()
        found = [
            _read(principal, way, each)
            for each in shown_in(self.kit.policy, path, answer)
            if self._is_new(principal, way, each, now)
        ]
        if len(self.waiting) + len(found) > ROOM:
            raise _unnoted()
        self.waiting.extend(found)
        if found:
            self.noted.set()
        for each in found:
            self._remember(_same(principal, way, each.shown), now + SAME_SECONDS)
        if urgent := [each.written for each in found if each.noted["under"]]:
            await _in_time(urgent)

    async def run(self) -> None:
        """For ever: write what was noted. What waits when it is cancelled is written last."""
        try:
            while True:
                await self.noted.wait()
                await asyncio.sleep(GATHER_SECONDS)
                self.noted.clear()
                await self._write_all()
        finally:
            with suppress(TimeoutError, AppError):
                async with asyncio.timeout(LAST_SECONDS):
                    await self._write_all()

    async def _write_all(self) -> None:
        while self.waiting:
            batch = [self.waiting[n] for n in range(min(AT_ONCE, len(self.waiting)))]
            await self._write(batch)
            for each in batch:
                self.waiting.popleft()
                each.written.set()

    async def _write(self, batch: Iterable[Read]) -> None:
        """Until it is written. A command's mark keeps what was written before an answer was lost."""
        event, now = _event(batch), utc_now()
        owner = administration(self.mission)
        traced = str(trace.new_trace())
        meta = EventMeta(self.stream, owner, BY, owner, traced, self.kit.exercise).to_bytes()
        events = await self.kit.vault.seal([event], self.stream, meta, now)
        mark = CommandMark(
            new_bytes(32), sha256(events[0].data).digest(), str(self.stream), "amended"
        )
        append = Append(str(self.stream), self.version, events, mark)
        while True:
            try:
                self.version = (await self.kit.store.append(append)).version
                return
            except CommandAlreadyApplied as found:
                self.version = found.found.version
                return
            except VersionConflict:
                # The store was restored to before this stream: it goes on in another.
                self.stream, self.version = RecordId.new(Kind.READS), 0
                await self._write(batch)
                return
            except Exception as fault:
                if not (isinstance(fault, BusyError) or is_passing(fault)):
                    raise
                _log.warning("reads wait to be noted", extra={"error": type(fault).__name__})
            await asyncio.sleep(AGAIN_SECONDS)

    def _is_new(self, principal: Principal, way: Way, shown: Shown, now: float) -> bool:
        """In an emergency every look is."""
        if _under(principal, shown):
            return True
        return self.seen.get(_same(principal, way, shown), 0.0) <= now

    def _remember(self, same: Hashable, until: float) -> None:
        self.seen[same] = until
        self.seen.move_to_end(same)
        if len(self.seen) > REMEMBERED:
            self.seen.popitem(last=False)


@asynccontextmanager
async def noting(kit: Kit, mission: str) -> AsyncIterator[ReadBook]:
    """A book that is written for as long as it is open."""
    book = ReadBook(kit, mission)
    async with asyncio.TaskGroup() as group:
        writing = group.create_task(book.run())
        yield book
        writing.cancel()


def _same(principal: Principal, way: Way, shown: Shown) -> Hashable:
    groups = frozenset(shown.portions.items())
    viewing = principal.under if principal.viewer else None
    who = (principal.client, principal.asker.subject, viewing)
    return (*who, way, shown.record, shown.version, groups)


def _read(principal: Principal, way: Way, shown: Shown) -> Read:
    """Whoever views as others reads himself what he is shown."""
    asker = principal.asker
    noted = {
        "at": utc_now(),
        "record": RecordId.parse(shown.record),
        "owner": RecordId.parse(shown.owner),
        "by": asker.subject,
        "organisation": asker.organisation,
        "client": asker.client,
        "way": way,
        "under": _under(principal, shown),
        "viewing": principal.under if principal.viewer else None,
    }
    return Read(noted, shown)


def _under(principal: Principal, shown: Shown) -> RecordId | None:
    """The emergency access without which something of it would not be shown."""
    own = principal.without_emergency.clearance
    needed = not all(reads(own, label) for label in shown.portions.values())
    return principal.under if needed else None


async def _in_time(written: Iterable[asyncio.Event]) -> None:
    try:
        async with asyncio.timeout(URGENT_SECONDS):
            for each in written:
                await each.wait()
    except TimeoutError:
        raise _unnoted() from None


def _unnoted() -> BusyError:
    return BusyError("It cannot be noted who reads this; try again.", retry_after_seconds=2)


def _event(batch: Iterable[Read]) -> ReadsNoted:
    places: dict[Label, int] = {}
    told = []
    for each in batch:
        portions = {
            group: places.setdefault(label, len(places))
            for group, label in each.shown.portions.items()
        }
        told.append(NotedRead(**each.noted, portions=portions))
    return ReadsNoted(labels=tuple(to_json(label) for label in places), reads=tuple(told))

"""Carries removals out, in every process of a deciding service: keys destroyed, forgotten, and scrubbed away.

The desk that took the approval destroys at once; this makes sure, whatever was killed meanwhile, and in
those processes that did not take it. Destroying again is harmless. What the ledger names is carried out again
after a restore: keys before anything is served, events before anything is relayed.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import orjson

from shared.clock import utc_now
from shared.commands_kit import Kit
from shared.contracts.event import Group
from shared.contracts.removals import Ground, Removed
from shared.database import STATEMENT_SECONDS, Pool, is_passing
from shared.errors import HealthError
from shared.event_meta import EventMeta, read_meta
from shared.eventstore.errors import VersionConflict
from shared.eventstore.model import Append
from shared.ids import RecordId
from shared.labels import from_json
from shared.removal_desk import key_subjects
from shared.removal_ledger import Entry, Ledger
from shared.removing import for_the_owner_alone
from shared.scrubbing import WalRecycledError

LOOK_SECONDS = 1.0
REMOVED = "record.removed.v1"
# Who acts when one removal takes another record along.
ITSELF = "removal"

_FOUND = """
select position, stream_id, data from events
 where type = 'record.removed.v1' and position > $1 order by position
"""
_KNOWN = "select distinct stream_id from events where type = 'record.removed.v1'"
_log = logging.getLogger(__name__)


class NotCarriedOutError(HealthError):
    """A removal was approved and cannot be finished."""

    code = "removals"


class Entailed(Protocol):
    """What a removal takes along, as only its own service knows."""

    async def records(self, removed: RecordId) -> Sequence[RecordId]:
        """Other records of this service that hold the same person."""

    async def subjects(self) -> Sequence[RecordId]:
        """Of removals decided elsewhere: whose keys go here. Each at least once a process."""

    async def forget(self, removed: Sequence[RecordId]) -> None:
        """Drop what is kept of them besides events."""


@dataclass
class RemovalWork:
    """`begin` before serving, `again` before relaying; `run` never returns: cancel it."""

    kit: Kit
    pool: Pool
    entailed: Entailed
    ledger: Ledger
    _after: int = 0
    _noted: list[RecordId] = field(default_factory=list)
    _wrong: str | None = field(default=None)

    async def begin(self) -> None:
        """Keys that a restored key store has brought back are gone again. Raises LedgerError."""
        self._noted = [one for entry in self.ledger.entries() for one in entry.subjects]
        if self._noted:
            await self.kit.vault.destroy(self._noted)

    async def again(self) -> None:
        """Remove anew what a restored event store holds as if nothing had been. Raises as appending does."""
        rows = await self.pool.fetch(_KNOWN, timeout=STATEMENT_SECONDS)
        known = {row["stream_id"] for row in rows}
        for entry in self.ledger.entries():
            if entry.record and entry.ground and str(entry.record) not in known:
                await self._remove(entry.record, entry.ground)

    async def run(self) -> None:
        while True:
            try:
                await self.once()
                self._wrong = None
            except WalRecycledError as wrong:
                self._wrong = str(wrong)
            except Exception as fault:  # noqa: BLE001 - whatever it is, health tells it
                if not is_passing(fault) and not isinstance(fault, VersionConflict):
                    self._wrong = type(fault).__name__
                    _log.exception("a removal is not carried out", extra={"error": self._wrong})
            await asyncio.sleep(LOOK_SECONDS)

    async def check(self) -> None:
        """For health. Raises NotCarriedOutError."""
        if self._wrong:
            raise NotCarriedOutError(self._wrong)

    async def once(self) -> None:
        """Everything that was decided since, here and elsewhere."""
        rows = await self.pool.fetch(_FOUND, self._after, timeout=STATEMENT_SECONDS)
        removed = [RecordId.parse(row["stream_id"]) for row in rows]
        elsewhere = tuple(await self.entailed.subjects())
        entries = [_entry(row["stream_id"], row["data"]) for row in rows]
        entries += [Entry(elsewhere)] if elsewhere else []
        for record in removed:
            for other in await self.entailed.records(record):
                await self._remove(other, await self._ground(record), record)
        subjects = [*self._noted, *(one for entry in entries for one in entry.subjects)]
        if not subjects:
            return
        await self.ledger.note(entries)
        await self.kit.vault.destroy(subjects)
        await self.kit.vault.scrub(subjects)
        await self.entailed.forget([*removed, *subjects])
        self._after = rows[-1]["position"] if rows else self._after
        self._noted = []

    async def _remove(
        self, record: RecordId, ground: Ground, because_of: RecordId | None = None
    ) -> None:
        """Raises VersionConflict when something else happens to it just now: then the next look does."""
        recorded = await self.kit.store.load(str(record))
        types = {event.type for event in recorded}
        if not recorded or REMOVED in types:
            return
        labels = [orjson.loads(event.data).get("labels", {}) for event in recorded]
        base = [told[Group.BASE] for told in labels if Group.BASE in told][-1]
        owner = read_meta(recorded[-1].meta).owner
        event = Removed(
            labels=for_the_owner_alone(from_json(base), owner),
            ground=ground,
            subjects=key_subjects(record, recorded),
            because_of=because_of,
        )
        meta = EventMeta(record, owner, ITSELF, owner, "", self.kit.exercise).to_bytes()
        sealed = await self.kit.vault.seal([event], record, meta, utc_now())
        await self.kit.store.append(Append(str(record), recorded[-1].version, sealed))

    async def _ground(self, record: RecordId) -> Ground:
        recorded = await self.kit.store.load(str(record))
        [removed] = [event for event in recorded if event.type == REMOVED]
        return Ground(orjson.loads(removed.data)["ground"])


def _entry(stream_id: str, data: bytes) -> Entry:
    told = orjson.loads(data)
    subjects = tuple(RecordId.parse(one) for one in told["subjects"])
    return Entry(subjects, RecordId.parse(stream_id), Ground(told["ground"]))

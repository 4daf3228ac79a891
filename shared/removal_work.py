"""Carries removals out, in every process of a deciding service: keys destroyed, forgotten, and scrubbed away.

The desk that took the approval destroys at once; this makes sure, whatever was killed meanwhile, and in
those processes that did not take it. Destroying again is harmless.
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
    """`run` never returns; cancel it."""

    kit: Kit
    pool: Pool
    entailed: Entailed
    _after: int = 0
    _wrong: str | None = field(default=None)

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
        subjects = [*await self.entailed.subjects()]
        for row in rows:
            subjects += [RecordId.parse(one) for one in orjson.loads(row["data"])["subjects"]]
        for record in removed:
            for other in await self.entailed.records(record):
                await self._take_along(other, record)
        if not subjects:
            return
        await self.kit.vault.destroy(subjects)
        await self.kit.vault.scrub(subjects)
        await self.entailed.forget([*removed, *subjects])
        self._after = rows[-1]["position"] if rows else self._after

    async def _take_along(self, record: RecordId, because_of: RecordId) -> None:
        """Raises VersionConflict when something else happens to it just now: then the next look does."""
        recorded = await self.kit.store.load(str(record))
        types = {event.type for event in recorded}
        if not recorded or REMOVED in types:
            return
        labels = [orjson.loads(event.data).get("labels", {}) for event in recorded]
        base = [told[Group.BASE] for told in labels if Group.BASE in told][-1]
        owner = read_meta(recorded[-1].meta).owner
        ground = await self._ground(because_of)
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

"""What the removal of a person takes along here: the names under which they took part in meetings."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from services.engagements.references import REMOVED
from shared.database import STATEMENT_SECONDS, Pool
from shared.ids import RecordId

_ELSEWHERE = "select id from reference_records where status = $1 and not id = any($2::text[])"
_LINKED = "select data from events where type = 'engagement.participant_linked.v1'"


@dataclass(frozen=True, slots=True)
class EngagementsRemovals:
    """A provisional person who was linked to one that is removed goes, too."""

    pool: Pool
    _known: set[str] = field(default_factory=set)

    async def records(self, removed: RecordId) -> Sequence[RecordId]:
        return ()

    async def subjects(self) -> Sequence[RecordId]:
        """Of people removed in contacts, they themselves included: that tells the key store we know."""
        found = await self.pool.fetch(
            _ELSEWHERE, REMOVED, sorted(self._known), timeout=STATEMENT_SECONDS
        )
        gone = {row["id"] for row in found}
        if not gone:
            return ()
        linked = await self.pool.fetch(_LINKED, timeout=STATEMENT_SECONDS)
        told = [orjson.loads(row["data"]) for row in linked]
        provisional = {one["provisional_id"] for one in told if one["person_id"] in gone}
        return [RecordId.parse(one) for one in sorted(gone | provisional)]

    async def forget(self, removed: Sequence[RecordId]) -> None:
        """Names are kept nowhere else; from here on these need no second look."""
        self._known.update(str(one) for one in removed)

"""What the removal of a person takes along here: the records merged into it, and digests of its names."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from shared.database import STATEMENT_SECONDS, Pool
from shared.ids import Kind, RecordId

_MERGERS = """
select stream_id, data from events
 where type in ('person.merged.v1', 'person.unmerged.v1') order by position
"""
_FORGET = "delete from name_hints where record_id = any($1::text[])"


@dataclass(frozen=True, slots=True)
class ContactsRemovals:
    pool: Pool

    async def records(self, removed: RecordId) -> Sequence[RecordId]:
        """Those merged into it, and not taken apart again since."""
        if removed.kind is not Kind.PERSON:
            return ()
        rows = await self.pool.fetch(_MERGERS, timeout=STATEMENT_SECONDS)
        leads = {row["stream_id"]: orjson.loads(row["data"]).get("into") for row in rows}
        return [RecordId.parse(one) for one, into in leads.items() if into == str(removed)]

    async def subjects(self) -> Sequence[RecordId]:
        """Nothing that others decide on is sealed here."""
        return ()

    async def forget(self, removed: Sequence[RecordId]) -> None:
        spelled = [str(one) for one in removed]
        await self.pool.execute(_FORGET, spelled, timeout=STATEMENT_SECONDS)

"""The last steps of a removal: nothing of it in the read model, nor in any file of its database.

Once every service has said that the keys are gone, all is folded anew without them, the old generation is
dropped, and the database's log and statistics are cleared. Only then is a removal called done.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.reporting.rebuild_steps import UnreadableEventError
from services.reporting.rebuilding import RebuildRunningError, Wanted, rebuild
from services.reporting.settings import ReportingSettings
from services.reporting.sources import Source
from shared.consumer import GapError
from shared.database import STATEMENT_SECONDS, Pool, is_passing
from shared.errors import HealthError
from shared.ids import RecordId
from shared.leases import Lease
from shared.scrubbing import WalRecycledError, scrub

LOOK_SECONDS = 1.0
# Whoever reads from the old generation is done by then.
GRACE_SECONDS = 2.0
DROP_SECONDS = 60.0
# Whose keys hold what a service decided: names of people are sealed by those who meet them, too.
HOLDERS = {"contacts": ("contacts", "engagements"), "engagements": ("engagements",)}

_PENDING = "select record_id, source, subjects, refolded_at from removals where done_at is null"
_GONE = "select subject from {view} where destroyed_at is not null"
_LEFT = """
select given.subject from unnest($1::text[]) as given(subject)
  left join {view} kept using (subject) where kept.scrubbed_at is null
"""
_MARK = "update removals set {step} = now() where record_id = any($1::text[]) and {step} is null"
_OLD = """
select substr(nspname, 2)::integer as number from pg_namespace, generations
 where nspname ~ '^g[0-9]+$' and nspname <> 'g' || active
"""
_log = logging.getLogger(__name__)


class NotCleanedError(HealthError):
    """A removal cannot be finished."""

    code = "removals"


@dataclass
class Cleaning:
    """`run` never returns; cancel it. `keystore`: a pool of the reading role."""

    pool: Pool
    keystore: Pool
    sources: Sequence[Source]
    settings: ReportingSettings
    _wrong: str | None = field(default=None)

    async def run(self) -> None:
        lease = Lease(self.pool, "cleaning")
        while True:
            try:
                await self.once(lease)
                self._wrong = None
            except (RebuildRunningError, GapError):
                _log.info("a removal waits for another rebuild, or for the stream")
            except WalRecycledError as wrong:
                self._wrong = str(wrong)
            except UnreadableEventError as wrong:
                self._wrong = str(wrong)
            except Exception as fault:  # noqa: BLE001 - whatever it is, health tells it
                if not is_passing(fault):
                    self._wrong = type(fault).__name__
                    _log.exception("a removal is not finished", extra={"error": self._wrong})
            await asyncio.sleep(LOOK_SECONDS)

    async def check(self) -> None:
        """For health. Raises NotCleanedError."""
        if self._wrong:
            raise NotCleanedError(self._wrong)

    async def once(self, lease: Lease) -> None:
        """All removals whose keys are gone, together; every replica forgets keys, one does the work."""
        pending = await self.pool.fetch(_PENDING, timeout=STATEMENT_SECONDS)
        if not pending:
            return
        await self._forget_keys()
        ready = [
            row["record_id"]
            for row in pending
            if not await self._left(row["source"], row["subjects"])
        ]
        if not ready or not await lease.hold():
            return
        await self._mark("destroyed_at", ready)
        if any(row["refolded_at"] is None for row in pending if row["record_id"] in ready):
            await rebuild(self.settings, _silent, Wanted(swap=True))
            await self._mark("refolded_at", ready)
        await self._drop_old()
        async with self.pool.acquire() as connection:
            await scrub(connection, ["pg_catalog.pg_statistic"])
        await self._mark("done_at", ready)

    async def _left(self, source: str, subjects: Sequence[str]) -> bool:
        """Whether somebody who may hold these keys has not said that they are gone."""
        for service in HOLDERS[source]:
            asked = [subjects[0]] if service != source else list(subjects)
            query = _LEFT.format(view=f"readable.{service}")
            if await self.keystore.fetch(query, asked, timeout=STATEMENT_SECONDS):
                return True
        return False

    async def _forget_keys(self) -> None:
        for source in self.sources:
            query = _GONE.format(view=f"readable.{source.service}")
            rows = await self.keystore.fetch(query, timeout=STATEMENT_SECONDS)
            source.vault.forget([RecordId.parse(row["subject"]) for row in rows])

    async def _mark(self, step: str, records: Sequence[str]) -> None:
        statement = _MARK.format(step=step)
        await self.pool.execute(statement, list(records), timeout=STATEMENT_SECONDS)

    async def _drop_old(self) -> None:
        await asyncio.sleep(GRACE_SECONDS)
        for row in await self.pool.fetch(_OLD, timeout=STATEMENT_SECONDS):
            await self.pool.execute(
                "select drop_generation($1)", row["number"], timeout=DROP_SECONDS
            )


def _silent(source: str, position: int, target: int) -> None:
    """Its progress is in the table of rebuilds."""

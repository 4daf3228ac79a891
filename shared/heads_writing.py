"""Writes signed heads: one a minute while anything happens, and one for a thousand events."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.clock import utc_now
from shared.database import STATEMENT_SECONDS
from shared.errors import HealthError
from shared.eventstore.model import Head
from shared.heads import HeadSigner, SignedHead
from shared.leases import RENEW_SECONDS, Lease

if TYPE_CHECKING:
    import asyncpg

EVERY_SECONDS = 60.0
EVERY_EVENTS = 1_000
SHOWN_LIMIT = 1_000
WORK = "heads"

_LAST_EVENT = """
select epoch, position, hash, recorded_at from events order by position desc limit 1
"""
_LAST_HEAD = (
    "select epoch, position, signed_at from heads order by epoch desc, position desc limit 1"
)
_WRITE = "insert into heads values ($1, $2, $3, $4, $5) on conflict do nothing"
_SINCE = """
select body, signature from heads where signed_at > $1 order by signed_at limit $2
"""
_LATEST = "select body, signature from heads order by epoch desc, position desc limit 1"
_log = logging.getLogger(__name__)


class HeadsNotSignedError(HealthError):
    """The last attempt to sign a head failed."""


class HeadBook:
    """The heads of one store: signs them while it runs, and shows them."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", signer: HeadSigner) -> None:
        self._pool = pool
        self._lease = Lease(pool, WORK)
        self.signer = signer
        self._wrong: str | None = None

    async def run(self) -> None:
        """For ever. Of several processes one signs; what goes wrong is told by `check`."""
        while True:
            try:
                if await self._lease.hold():
                    await self.sign_if_due()
                self._wrong = None
            except Exception as wrong:  # noqa: BLE001 - commands go on without heads, health says it
                self._wrong = type(wrong).__name__
                _log.warning("no head was signed", extra={"error": self._wrong})
            await asyncio.sleep(RENEW_SECONDS)

    async def check(self) -> None:
        """For health. Raises HeadsNotSignedError."""
        if self._wrong:
            raise HeadsNotSignedError(f"heads are not being signed: {self._wrong}")

    async def sign_if_due(self) -> SignedHead | None:
        """A new head when a minute or a thousand events have passed since the last."""
        event = await self._pool.fetchrow(_LAST_EVENT, timeout=STATEMENT_SECONDS)
        last = await self._pool.fetchrow(_LAST_HEAD, timeout=STATEMENT_SECONDS)
        if event is None or not _is_due(event, last):
            return None
        head = Head(event["epoch"], event["position"], event["hash"])
        signed = self.signer.sign(head, event["recorded_at"])
        at = datetime.fromisoformat(signed.told["signed_at"])
        await self._pool.execute(
            _WRITE, head.epoch, head.position, at, signed.body, signed.signature,
            timeout=STATEMENT_SECONDS,
        )  # fmt: skip
        return signed

    async def latest(self) -> Sequence[SignedHead]:
        """The last one; none before the first."""
        return _heads(await self._pool.fetch(_LATEST, timeout=STATEMENT_SECONDS))

    async def since(self, moment: datetime) -> Sequence[SignedHead]:
        """Those signed after `moment`, oldest first, at most SHOWN_LIMIT."""
        rows = await self._pool.fetch(_SINCE, moment, SHOWN_LIMIT, timeout=STATEMENT_SECONDS)
        return _heads(rows)


def _is_due(event: "asyncpg.Record", last: "asyncpg.Record | None") -> bool:
    if last is None:
        return True
    if (last["epoch"], last["position"]) >= (event["epoch"], event["position"]):
        return False
    waited = (utc_now() - last["signed_at"].astimezone(UTC)).total_seconds()
    return bool(waited >= EVERY_SECONDS or event["position"] - last["position"] >= EVERY_EVENTS)


def _heads(rows: Sequence["asyncpg.Record"]) -> list[SignedHead]:
    return [SignedHead(row["body"], row["signature"]) for row in rows]

"""Hints that an organisation of the same name is registered already. Only ever a hint.

Names are sealed, so what is kept of them is a keyed digest. It is written after the event, and may
be lost with the process: then a hint is missing, and nothing else.
"""

import hashlib
import hmac

from shared.commands_apply import OUT_OF_USE
from shared.commands_kit import ReferenceBook
from shared.database import STATEMENT_SECONDS
from shared.deciding import Pool
from shared.folding import folded
from shared.http_commands import Hint
from shared.ids import RecordId
from shared.labels import reads
from shared.principal import Principal

HINTS_LIMIT = 20

_NOTE = """
with noted as (
    insert into name_hints (digest, record_id) values ($1, $2) on conflict do nothing
)
select record_id from name_hints where digest = $1 and record_id <> $2 limit $3
"""


class NameHints:
    """`secret` keys the digests."""

    def __init__(self, pool: Pool, references: ReferenceBook, secret: bytes) -> None:
        self._pool = pool
        self._references = references
        self._secret = secret

    async def note(self, name: str, record_id: RecordId, principal: Principal) -> tuple[Hint, ...]:
        """Remember the name; others that bear it and that the caller may read, not retired."""
        digest = hmac.new(self._secret, b"name" + folded(name).encode(), hashlib.sha256).digest()
        rows = await self._pool.fetch(
            _NOTE, digest, str(record_id), HINTS_LIMIT, timeout=STATEMENT_SECONDS
        )
        if not rows:
            return ()
        ids = frozenset(RecordId.parse(row["record_id"]) for row in rows)
        found = (await self._references.find(ids)).values()
        readable = [
            other.id
            for other in found
            if other.status not in OUT_OF_USE and reads(principal.clearance, other.label)
        ]
        return tuple(_hint(other) for other in sorted(readable))


def _hint(other: RecordId) -> Hint:
    return Hint(
        code="same_name",
        detail="Another organisation has the same name; it may be the same one.",
        record_id=other,
    )

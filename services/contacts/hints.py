"""Hints that somebody, or an organisation, of the same name is registered already. Only ever a hint.

Names are sealed, so what is kept of them is a keyed digest. It is written after the event, and may
be lost with the process, or with a database that does not answer: then a hint is missing, and nothing else.
"""

import hashlib
import hmac
from collections.abc import Iterable

from shared.commands_apply import OUT_OF_USE
from shared.commands_kit import ReferenceBook
from shared.contracts.event import Group
from shared.database import STATEMENT_SECONDS, is_passing
from shared.decider import Reference
from shared.deciding import Pool
from shared.errors import BusyError
from shared.folding import folded
from shared.http_commands import Hint
from shared.ids import Kind, RecordId
from shared.labels import join, reads
from shared.principal import Principal

HINTS_LIMIT = 20
# Read before it is known who may see them: far above any honest number, or what is hidden would count.
BEARERS_LIMIT = 500

_NOTE = """
with noted as (
    insert into name_hints (digest, record_id) select digest, $2 from unnest($1::bytea[]) as given (digest)
    on conflict do nothing
)
select distinct record_id from name_hints
 where digest = any($1::bytea[]) and record_id <> $2 order by record_id limit $3
"""
# Organisations' names, then people's: those of one kind hint at no other.
_PURPOSE = {Kind.ORGANISATION: b"name", Kind.PERSON: b"person name"}
_DETAIL = {
    Kind.ORGANISATION: "Another organisation has the same name; it may be the same one.",
    Kind.PERSON: "Somebody else has the same name; it may be the same person.",
}


class NameHints:
    """`secret` keys the digests."""

    def __init__(self, pool: Pool, references: ReferenceBook, secret: bytes) -> None:
        self._pool = pool
        self._references = references
        self._secret = secret

    async def note(
        self, names: Iterable[str], record_id: RecordId, principal: Principal
    ) -> tuple[Hint, ...]:
        """Remember the names; others in use that bear one of them, where the caller may read it."""
        digests = {self._digest(name, record_id.kind) for name in names}
        try:
            return await self._others(digests, record_id, principal)
        except Exception as fault:
            # The write stands: its answer must not say that it failed.
            if isinstance(fault, BusyError) or is_passing(fault):
                return ()
            raise

    async def _others(
        self, digests: set[bytes], record_id: RecordId, principal: Principal
    ) -> tuple[Hint, ...]:
        rows = await self._pool.fetch(
            _NOTE, sorted(digests), str(record_id), BEARERS_LIMIT, timeout=STATEMENT_SECONDS
        )
        if not rows:
            return ()
        ids = frozenset(RecordId.parse(row["record_id"]) for row in rows)
        found = (await self._references.find(ids)).values()
        readable = sorted(other.id for other in found if _may_be_told(other, principal))
        return tuple(_hint(other) for other in readable[:HINTS_LIMIT])

    def _digest(self, name: str, kind: Kind) -> bytes:
        purpose = _PURPOSE[kind]
        return hmac.new(self._secret, purpose + folded(name).encode(), hashlib.sha256).digest()


def _may_be_told(other: Reference, principal: Principal) -> bool:
    """That a name is borne tells the name: of people it is in a group of its own."""
    needed = join(other.label, other.groups.get(Group.IDENTITY, other.label))
    return other.status not in OUT_OF_USE and reads(principal.clearance, needed)


def _hint(other: RecordId) -> Hint:
    return Hint(code="same_name", detail=_DETAIL[other.kind], record_id=other)

"""Heads that somebody kept, held against the store as it is now: a tail cut off, a chain written anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.database import STATEMENT_SECONDS
from shared.eventstore.chain import Breach
from shared.heads import SignedHead

if TYPE_CHECKING:
    import asyncpg

INVARIANT = "HEADS"

_AT = "select position, epoch, hash from events where position = any($1::bigint[])"
_LAST = "select coalesce(max(position), 0) from events"
_VOIDED = "select epoch, voided_from, voided_to from epochs where voided_from is not null"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a store says of the positions that heads name."""

    last: int
    at: Mapping[int, tuple[int, bytes]]
    voided: Sequence[tuple[int, int, int]]

    def voiding(self, epoch: int, position: int) -> int | None:
        """The later epoch that declared this place void, if one did."""
        found = (e for e, start, end in self.voided if e > epoch and start <= position <= end)
        return next(found, None)


async def standing_of(
    pool: "asyncpg.Pool[asyncpg.Record]", heads: Sequence[SignedHead]
) -> Standing:
    positions = [int(head.told["position"]) for head in heads]
    rows = await pool.fetch(_AT, positions, timeout=STATEMENT_SECONDS)
    voided = await pool.fetch(_VOIDED, timeout=STATEMENT_SECONDS)
    return Standing(
        last=await pool.fetchval(_LAST, timeout=STATEMENT_SECONDS),
        at={row["position"]: (row["epoch"], row["hash"]) for row in rows},
        voided=[(row["epoch"], row["voided_from"], row["voided_to"]) for row in voided],
    )


def against(heads: Sequence[SignedHead], standing: Standing) -> tuple[list[Breach], list[str]]:
    """The first breach, if any, and notes. The breach is at the first position no head vouches for."""
    good, notes = 0, []
    told = sorted((head.told for head in heads), key=lambda one: (one["position"], one["epoch"]))
    for head in told:
        epoch, position = int(head["epoch"]), int(head["position"])
        if (by := standing.voiding(epoch, position)) is not None:
            notes.append(f"the head at {position} lies in a range that epoch {by} declared void")
        elif position > standing.last:
            words = f"the tail is gone: a head was signed at {position}"
            return [Breach(INVARIANT, standing.last + 1, words)], notes
        elif standing.at.get(position) != (epoch, bytes.fromhex(head["hash"])):
            words = f"written anew between here and {position}, where a head says otherwise"
            return [Breach(INVARIANT, good + 1, words)], notes
        else:
            good = position
    return [], notes

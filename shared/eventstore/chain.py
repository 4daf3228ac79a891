"""The walk along stored events that finds where an invariant breaks. Pure: rows in, breaches out.

I1 positions without gaps within an epoch; I2 times of recording never fall along positions; I3 versions
without gaps within a stream; I4 the hash chain from the first event; I14 epochs never fall.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.eventstore.model import NO_HASH, chain_hash, digest_of, micros

# What a row holds, in this order; `payload_digest` is stored too, and must be what was hashed.
COLUMNS = (
    "position, epoch, event_id, stream_id, version, type, data, meta, "
    "occurred_at, recorded_at, prev_hash, hash, payload_digest"
)
LONG_AGO = datetime.min.replace(tzinfo=UTC)

Row = Any  # Any: a record of the driver, or a tuple; values of several types, see COLUMNS


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that does not hold, and the first position at which it does not."""

    invariant: str
    position: int
    what: str


@dataclass(slots=True)
class Walk:
    """What must be remembered from one event to the next. `starts`: where each epoch begins after."""

    starts: Mapping[int, int] = field(default_factory=dict)
    position: int = 0
    epoch: int = 1
    hash: bytes = NO_HASH
    recorded_at: datetime = LONG_AGO
    versions: dict[str, int] = field(default_factory=dict)

    def take(self, rows: Iterable[Row]) -> list[Breach]:
        """What is wrong with the next events: nothing, nearly always. Goes on from them either way."""
        found: list[Breach] = []
        versions = self.versions
        for row in rows:
            position, epoch, _, stream, version, *_, recorded_at, prev, hash_, _ = row
            if (
                position != self.position + 1
                or version != versions.get(stream, 0) + 1
                or epoch != self.epoch
                or recorded_at < self.recorded_at
            ):
                found += self._out_of_order(row)
            if prev != self.hash or not is_hashed(*row):
                found.append(Breach("I4", position, "the hash chain breaks here"))
            versions[stream] = version
            self.position, self.epoch, self.hash = position, epoch, hash_
            self.recorded_at = recorded_at
        return found

    def _out_of_order(self, row: Row) -> list[Breach]:
        position, epoch, _, stream_id, version = row[:5]
        found = []
        begins = self.starts.get(epoch, 0) if epoch > self.epoch else self.position
        if position != begins + 1:
            found.append(Breach("I1", position, f"follows position {self.position}"))
        if row[9] < self.recorded_at:
            found.append(Breach("I2", position, "was recorded before the event before it"))
        if epoch < self.epoch:
            found.append(Breach("I14", position, f"epoch {epoch} after {self.epoch}"))
        if version != self.versions.get(stream_id, 0) + 1:
            found.append(Breach("I3", position, f"version {version} out of order"))
        return found


def is_hashed(  # noqa: PLR0913 - the columns of a row; taken apart here and nowhere before
    position: int,
    epoch: int,
    event_id: UUID,
    stream_id: str,
    version: int,
    type_: str,
    data: bytes,
    meta: bytes,
    occurred_at: datetime,
    recorded_at: datetime,
    prev: bytes,
    hash_: bytes,
    stored: bytes,
) -> bool:
    """Whether the event's own hash, and the digest stored beside it, are those of its bytes."""
    digest = digest_of(event_id.bytes, stream_id, version, type_, micros(occurred_at), data, meta)
    return digest == stored and chain_hash(prev, epoch, position, recorded_at, digest) == hash_

"""The walk along stored events that finds where an invariant breaks. Pure: rows in, breaches out.

I1 positions without gaps within an epoch; I2 times of recording never fall along positions; I3 versions
without gaps within a stream; I4 the hash chain from the first event; I14 epochs never fall.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from shared.eventstore.model import NO_HASH, link_hash

_MICROS = "(extract(epoch from {}) * 1000000)::bigint"
# What payload() is, put together by the database, which has the bytes at hand: to be told them value by
# value takes us longer than to hash them.
_PAYLOAD = f"""
int8send(16) || uuid_send(event_id) || int8send(octet_length(stream_id)) || textsend(stream_id)
|| int8send(8) || int8send(version) || int8send(octet_length(type)) || textsend(type)
|| int8send(8) || int8send({_MICROS.format("occurred_at")})
|| int8send(octet_length(data)) || data || int8send(octet_length(meta)) || meta
"""
# What a row holds, in this order; `payload_digest` is stored too, and must be what was hashed.
COLUMNS = (
    f"position, epoch, stream_id, version, {_MICROS.format('recorded_at')} as recorded_micros, "
    f"prev_hash, hash, payload_digest, {_PAYLOAD} as payload"
)
LONG_AGO = -(2**63)

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
    recorded_micros: int = LONG_AGO
    versions: dict[str, int] = field(default_factory=dict)

    def take(self, rows: Iterable[Row]) -> list[Breach]:
        """What is wrong with the next events: nothing, nearly always. Goes on from them either way."""
        found: list[Breach] = []
        versions = self.versions
        for row in rows:
            position, epoch, stream, version, recorded, prev, hash_, stored, payload = row
            digest = sha256(payload).digest()
            if (
                position != self.position + 1
                or version != versions.get(stream, 0) + 1
                or epoch != self.epoch
                or recorded < self.recorded_micros
            ):
                found += self._out_of_order(row)
            linked = link_hash(prev, epoch, position, recorded, digest)
            if prev != self.hash or digest != stored or linked != hash_:
                found.append(Breach("I4", position, "the hash chain breaks here"))
            versions[stream] = version
            self.position, self.epoch, self.hash = position, epoch, hash_
            self.recorded_micros = recorded
        return found

    def _out_of_order(self, row: Row) -> list[Breach]:
        position, epoch, stream_id, version, recorded = row[:5]
        found = []
        begins = self.starts.get(epoch, 0) if epoch > self.epoch else self.position
        if position != begins + 1:
            found.append(Breach("I1", position, f"follows position {self.position}"))
        if recorded < self.recorded_micros:
            found.append(Breach("I2", position, "was recorded before the event before it"))
        if epoch < self.epoch:
            found.append(Breach("I14", position, f"epoch {epoch} after {self.epoch}"))
        if version != self.versions.get(stream_id, 0) + 1:
            found.append(Breach("I3", position, f"version {version} out of order"))
        return found

"""What goes into the event store and what comes out, and how both are hashed."""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from shared.eventstore.stamps import moment_of

NO_HASH = bytes(32)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Lengths and numbers between the parts that are hashed, big-endian.
_ID = struct.Struct(">Q16sQ")
_VERSION = struct.Struct(">QqQ")
_OCCURRED = struct.Struct(">QqQ")
_LENGTH = struct.Struct(">Q")
_PLACE = struct.Struct(">iqq")


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact on its way in. Bytes are stored and hashed exactly as given."""

    event_id: UUID
    type: str
    data: bytes
    meta: bytes
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class CommandMark:
    """What is remembered of a command so that its retry is answered, not repeated; never a body."""

    command_id: bytes
    request_digest: bytes
    record_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Append:
    """Events for one stream, all or none. Without events only the command is remembered.

    `recorded_at` is the scenario's clock, in exercises; it never makes the store's clock fall.
    """

    stream_id: str
    expected_version: int
    events: tuple[NewEvent, ...]
    command: CommandMark | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an append ended up: position and version of its last event."""

    epoch: int
    position: int
    version: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class FoundCommand:
    """A command that was applied before."""

    request_digest: bytes
    record_id: str
    outcome: str
    epoch: int
    position: int
    version: int


@dataclass(frozen=True, slots=True)
class Head:
    """The last event's place; position 0 and no hash in an empty store."""

    epoch: int
    position: int
    hash: bytes


class Recorded(NamedTuple):
    """An event as it is stored, with its place in the chain. In the order in which the store reads columns.

    A tuple, and not a frozen dataclass: one is made of every row that is read, in a third of the time. Its id
    and moments stay as the database sends them until somebody asks: most readers do not, see stamps.py.
    """

    position: int
    epoch: int
    id_bytes: bytes
    stream_id: str
    version: int
    type: str
    data: bytes
    meta: bytes
    occurred_stamp: bytes
    recorded_stamp: bytes
    prev_hash: bytes
    hash: bytes

    @property
    def event_id(self) -> UUID:
        return UUID(bytes=self.id_bytes)

    @property
    def occurred_at(self) -> datetime:
        return moment_of(self.occurred_stamp)

    @property
    def recorded_at(self) -> datetime:
        return moment_of(self.recorded_stamp)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_micros(count: int) -> datetime:
    return _EPOCH + count * _MICROSECOND


def payload_digest(event: NewEvent, stream_id: str, version: int) -> bytes:
    """sha256 of what is hashed of an event without its place in the chain."""
    return sha256(payload(event, stream_id, version)).digest()


def payload(event: NewEvent, stream_id: str, version: int) -> bytes:
    """Every field, each with its length before it, so that no two events read alike."""
    stream, kind = stream_id.encode(), event.type.encode()
    parts = (
        _ID.pack(16, event.event_id.bytes, len(stream)),
        stream,
        _VERSION.pack(8, version, len(kind)),
        kind,
        _OCCURRED.pack(8, micros(event.occurred_at), len(event.data)),
        event.data,
        _LENGTH.pack(len(event.meta)),
        event.meta,
    )
    return b"".join(parts)


def chain_hash(
    prev: bytes, epoch: int, position: int, recorded_at: datetime, digest: bytes
) -> bytes:
    """The hash of the event at `position`, as append_batch() makes it."""
    return link_hash(prev, epoch, position, micros(recorded_at), digest)


def link_hash(prev: bytes, epoch: int, position: int, recorded_micros: int, digest: bytes) -> bytes:
    """The same of a time in microseconds since 1970 UTC."""
    return sha256(prev + _PLACE.pack(epoch, position, recorded_micros) + digest).digest()


def hash_of(recorded: Recorded) -> bytes:
    """What `recorded.hash` must be, from everything else in it."""
    event = NewEvent(
        recorded.event_id, recorded.type, recorded.data, recorded.meta, recorded.occurred_at
    )
    digest = payload_digest(event, recorded.stream_id, recorded.version)
    return chain_hash(
        recorded.prev_hash, recorded.epoch, recorded.position, recorded.recorded_at, digest
    )

"""What goes into the event store and what comes out, and how both are hashed."""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it is stored, with its place in the chain."""

    position: int
    epoch: int
    event_id: UUID
    stream_id: str
    version: int
    type: str
    data: bytes
    meta: bytes
    occurred_at: datetime
    recorded_at: datetime
    prev_hash: bytes
    hash: bytes


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_micros(count: int) -> datetime:
    return _EPOCH + count * _MICROSECOND


def payload_digest(event: NewEvent, stream_id: str, version: int) -> bytes:
    """sha256 over every field, each with its length before it, so that no two events read alike."""
    return digest_of(
        event.event_id.bytes,
        stream_id,
        version,
        event.type,
        micros(event.occurred_at),
        event.data,
        event.meta,
    )


def digest_of(  # noqa: PLR0913 - every hashed field, by itself: no object is made of each event
    event_id: bytes,
    stream_id: str,
    version: int,
    type_: str,
    occurred_micros: int,
    data: bytes,
    meta: bytes,
) -> bytes:
    """The same, of bare values; one call of the hash over all, which is what verifying spends."""
    stream, kind = stream_id.encode(), type_.encode()
    parts = (
        _ID.pack(16, event_id, len(stream)),
        stream,
        _VERSION.pack(8, version, len(kind)),
        kind,
        _OCCURRED.pack(8, occurred_micros, len(data)),
        data,
        _LENGTH.pack(len(meta)),
        meta,
    )
    return sha256(b"".join(parts)).digest()


def chain_hash(
    prev: bytes, epoch: int, position: int, recorded_at: datetime, digest: bytes
) -> bytes:
    """The hash of the event at `position`, as append_batch() makes it."""
    return sha256(prev + _PLACE.pack(epoch, position, micros(recorded_at)) + digest).digest()


def hash_of(recorded: Recorded) -> bytes:
    """What `recorded.hash` must be, from everything else in it."""
    event = NewEvent(
        recorded.event_id, recorded.type, recorded.data, recorded.meta, recorded.occurred_at
    )
    digest = payload_digest(event, recorded.stream_id, recorded.version)
    return chain_hash(
        recorded.prev_hash, recorded.epoch, recorded.position, recorded.recorded_at, digest
    )

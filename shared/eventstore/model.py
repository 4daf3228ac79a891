"""What goes into the event store and what comes out, and how both are hashed."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

NO_HASH = bytes(32)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(count: int) -> datetime:
    return _EPOCH + count * _MICROSECOND


def payload_digest(event: NewEvent, stream_id: str, version: int) -> bytes:
    """sha256 over every field, each with its length before it, so that no two events read alike."""
    digest = hashlib.sha256()
    for part in (
        event.event_id.bytes,
        stream_id.encode(),
        version.to_bytes(8, "big"),
        event.type.encode(),
        micros(event.occurred_at).to_bytes(8, "big", signed=True),
        event.data,
        event.meta,
    ):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def chain_hash(
    prev: bytes, epoch: int, position: int, recorded_at: datetime, digest: bytes
) -> bytes:
    """The hash of the event at `position`, as append_batch() makes it."""
    place = epoch.to_bytes(4, "big") + position.to_bytes(8, "big")
    return hashlib.sha256(
        prev + place + micros(recorded_at).to_bytes(8, "big", signed=True) + digest
    ).digest()


def hash_of(recorded: Recorded) -> bytes:
    """What `recorded.hash` must be, from everything else in it."""
    event = NewEvent(
        recorded.event_id, recorded.type, recorded.data, recorded.meta, recorded.occurred_at
    )
    digest = payload_digest(event, recorded.stream_id, recorded.version)
    return chain_hash(
        recorded.prev_hash, recorded.epoch, recorded.position, recorded.recorded_at, digest
    )

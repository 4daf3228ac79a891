"""Builders of valid events and appends; a test names only what matters to it."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from shared.eventstore.model import NO_HASH, Append, CommandMark, NewEvent, Recorded, hash_of
from shared.eventstore.stamps import stamp

NINE_O_CLOCK = datetime(2030, 1, 2, 9, tzinfo=UTC)


def an_event(
    data: bytes = b'{"type":"test.happened.v1"}', event_id: UUID | None = None
) -> NewEvent:
    return NewEvent(event_id or uuid4(), "test.happened.v1", data, b'{"kind":"test"}', NINE_O_CLOCK)


def an_append(
    stream: str | None = None,
    *,
    expected: int = 0,
    events: int = 1,
    command: bytes | None = None,
    recorded_at: datetime | None = None,
) -> Append:
    stream = stream or f"test_{uuid4().hex}"
    mark = CommandMark(command, b"digest", stream, "created") if command else None
    return Append(stream, expected, tuple(an_event() for _ in range(events)), mark, recorded_at)


def an_event_at(position: int, *, prev_hash: bytes = NO_HASH, epoch: int = 1) -> Recorded:
    """An event of a stream of its own that follows `prev_hash`, hashed as the store would."""
    event, stream = an_event(), f"test_{uuid4().hex}"
    bare = Recorded(
        position, epoch, event.event_id.bytes, stream, 1, event.type, event.data, event.meta,
        stamp(event.occurred_at), stamp(NINE_O_CLOCK), prev_hash, NO_HASH,
    )  # fmt: skip
    return bare._replace(hash=hash_of(bare))

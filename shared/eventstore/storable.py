"""What an append must be before it may queue with others: such that store and bus can hold it."""

from collections.abc import Iterator

from shared.eventstore.errors import UnstorableError
from shared.eventstore.model import Append

EVENT_BYTES = 1024 * 1024


def check_storable(append: Append) -> None:
    """Raises UnstorableError for an event that is too large and for text PostgreSQL cannot keep."""
    for event in append.events:
        if len(event.data) + len(event.meta) > EVENT_BYTES:
            raise UnstorableError("One event is larger than a record may be (1 MiB).")
    if not all(_is_storable(text) for text in _texts(append)):
        raise UnstorableError("A name in this event holds characters that cannot be kept.")


def _texts(append: Append) -> Iterator[str]:
    yield append.stream_id
    for event in append.events:
        yield event.type
    if append.command is not None:
        yield append.command.record_id
        yield append.command.outcome


def _is_storable(text: str) -> bool:
    """No NUL, which PostgreSQL's text refuses, and no half of a surrogate pair."""
    try:
        return b"\x00" not in text.encode()
    except UnicodeEncodeError:
        return False

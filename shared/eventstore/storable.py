"""What an append must be before it may queue with others: such that store and bus can hold it."""

from shared.eventstore.errors import UnstorableError
from shared.eventstore.model import Append

EVENT_BYTES = 1024 * 1024


def check_storable(append: Append) -> None:
    """Raises UnstorableError for an event that is too large and for text PostgreSQL cannot keep."""
    _check_text(append.stream_id)
    for event in append.events:
        if len(event.data) + len(event.meta) > EVENT_BYTES:
            raise UnstorableError("One event is larger than a record may be (1 MiB).")
        _check_text(event.type)
    if append.command is not None:
        _check_text(append.command.record_id)
        _check_text(append.command.outcome)


def _check_text(text: str) -> None:
    """No NUL, which PostgreSQL's text refuses, and no half of a surrogate pair."""
    if "\x00" in text or not (text.isascii() or _is_whole(text)):
        raise UnstorableError("A name in this event holds characters that cannot be kept.")


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

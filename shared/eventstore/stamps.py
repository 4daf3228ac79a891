"""Moments as PostgreSQL sends them: eight bytes that most readers of an event never look into.

Big-endian microseconds since 2000 UTC, as `timestamptz_send` makes them.
"""

from datetime import UTC, datetime, timedelta

_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_BYTES = 8


def stamp(moment: datetime) -> bytes:
    """`moment_of` reads it back."""
    return ((moment - _SINCE) // _MICROSECOND).to_bytes(_BYTES, "big", signed=True)


def moment_of(stamped: bytes) -> datetime:
    """In UTC. One that is infinite, which nobody here writes, is the first or the last there is."""
    since = int.from_bytes(stamped, "big", signed=True)
    try:
        return _SINCE + since * _MICROSECOND
    except OverflowError:
        return _LAST if since > 0 else _FIRST

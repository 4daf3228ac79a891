"""W3C trace context: one trace id from a partner's request to the read model, spans on the way.

The header is stored in each event's meta and travels in the bus's headers.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from shared.ids import new_bytes

# Trace Context, W3C Recommendation, 3.2: version 00; a later version may append fields.
_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_SAMPLED = 1

_current: ContextVar["Trace | None"] = ContextVar("parley_trace", default=None)


@dataclass(frozen=True, slots=True)
class Trace:
    """One span of a trace: 16 and 8 bytes in lower-case hexadecimal."""

    trace_id: str
    span_id: str
    sampled: bool = True

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"

    def child(self) -> "Trace":
        """A new span of the same trace."""
        return Trace(self.trace_id, new_bytes(8).hex(), self.sampled)


def new_trace() -> Trace:
    return Trace(new_bytes(16).hex(), new_bytes(8).hex())


def parse(header: str | None) -> Trace | None:
    """What a `traceparent` header says, or None when it is absent or not one."""
    found = _FORM.fullmatch(header) if header else None
    if found is None:
        return None
    version, trace_id, span_id, flags, more = found.groups()
    known = version != "ff" and (version != "00" or more is None)
    if not known or not int(trace_id, 16) or not int(span_id, 16):
        return None
    return Trace(trace_id, span_id, bool(int(flags, 16) & _SAMPLED))


def follow(header: str | None) -> Trace:
    """The next span of the trace in `header`, or a new trace."""
    found = parse(header)
    return found.child() if found else new_trace()


def current() -> Trace | None:
    """The span this task works in."""
    return _current.get()


@contextmanager
def within(trace: Trace) -> Iterator[Trace]:
    """Make `trace` the current span of this task."""
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)

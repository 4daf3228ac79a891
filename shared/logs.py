"""Logs: one JSON object a line, with fields from a list. Never bodies, names, texts or arguments.

A message is logged as it stands in the code, without its arguments, because arguments may hold
content; what varies goes into the fields below by `extra=`.
"""

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

from shared import trace

FIELDS = frozenset(
    {
        "service",
        "request_id",
        "method",
        "route",
        "status",
        "code",
        "duration_milliseconds",
        "epoch",
        "position",
        "projection",
        "source",
        "stream",
        "count",
        "lag",
        "attempt",
        "check",
        "error",
        "seconds_apart",
        "caller",
        "address",
        "factor",
    }
)
# They log whole URLs, and a query string may hold names.
_ACCESS = ("uvicorn.access", "aiohttp.access")
# It writes what devices say of themselves into its messages.
_PASSKEYS = "fido2.server"


class _JsonFormatter(logging.Formatter):
    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {  # Any: JSON
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
            "service": self._service,
        }
        if span := trace.current():
            line["trace_id"] = span.trace_id
        line |= {name: value for name, value in vars(record).items() if name in FIELDS}
        if record.exc_info and record.exc_info[1]:
            line["exception"] = type(record.exc_info[1]).__name__
            line["frames"] = _frames(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


def configure(service: str, level: str, stream: TextIO | None = None) -> None:
    """Send everything this process logs to `stream` (standard error) as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_JsonFormatter(service))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in (*_ACCESS, _PASSKEYS):
        logging.getLogger(name).disabled = True


def _frames(error: BaseException) -> list[str]:
    """Where it happened, outside in. An exception's own words may hold content: left out."""
    stack = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in stack]

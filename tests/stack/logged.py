"""All that this process, and every library in it, logs while a test looks on."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from shared import logs


@contextmanager
def logged(service: str, level: str) -> Iterator[io.StringIO]:
    """Lines of JSON, as the service writes them; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, before, stream = root.handlers[:], root.level, io.StringIO()
    logs.configure(service, level, stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(before)

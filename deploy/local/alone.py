"""One at a time: whoever starts, stops or replaces an installation holds its lock."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.errors import LocalError
from deploy.local.layout import Layout

LOCK = "lock"


@contextmanager
def alone(layout: Layout) -> Iterator[None]:
    """Raises LocalError while another holds it."""
    with (layout.var / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LocalError(
                "Parley already runs in this folder. Stop it with Ctrl-C where it was started."
            ) from None
        yield

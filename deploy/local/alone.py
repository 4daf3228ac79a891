"""One at a time: whoever starts, stops or replaces an installation holds its lock."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.errors import LocalError
from deploy.local.layout import Layout

LOCK = "lock"
RUNS = "Parley already runs in this folder. Stop it with Ctrl-C where it was started."


@contextmanager
def alone(layout: Layout, lock_name: str = LOCK, busy: str = RUNS) -> Iterator[None]:
    """Raises LocalError, saying `busy`, while another holds it."""
    with (layout.var / lock_name).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LocalError(busy) from None
        yield

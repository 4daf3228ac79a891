"""Where the servers of a test run keep their files: in memory, where there is enough of it.

No test pulls the plug: processes are killed, and what they wrote stays. So nothing that is promised
depends on a disk, while waiting for one took a third of the time.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ENOUGH_BYTES = 8 << 30
PASSABLE = 0o711  # for PostgreSQL's user, when the tests run as root


@contextmanager
def scratch(memory: Path = MEMORY) -> Iterator[Mapping[str, str]]:
    """What to add to the environment of the tests. Nothing where TMPDIR is set or memory is scarce."""
    if "TMPDIR" in os.environ or not _is_enough(memory):
        yield {}
        return
    folder = Path(tempfile.mkdtemp(prefix="parley-", dir=memory))
    folder.chmod(PASSABLE)
    try:
        yield {"TMPDIR": str(folder)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_enough(memory: Path) -> bool:
    if not memory.is_dir():
        return False
    free = shutil.disk_usage(memory).free
    return min(free, psutil.virtual_memory().available) >= ENOUGH_BYTES

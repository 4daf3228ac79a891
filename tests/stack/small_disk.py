"""A disk that is full when a test says so: a file system of a fixed size, where one can be mounted."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.unprivileged import account_for

SIZE_BYTES = 48 * 1024 * 1024
PIECE_BYTES = 64 * 1024
UNMOUNTABLE = "no file system of a fixed size can be mounted here"


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """`folder` is PostgreSQL's own."""

    folder: Path

    def fill(self) -> None:
        """Until not one more piece fits."""
        with self._filler.open("wb", buffering=0) as filler:
            try:
                while filler.write(bytes(PIECE_BYTES)):
                    pass
            except OSError:
                return

    def make_room(self) -> None:
        self._filler.unlink()

    @property
    def _filler(self) -> Path:
        return self.folder.parent / "filler"


@contextmanager
def mounted_small_disk() -> Iterator[SmallDisk]:
    """Raises OSError where nothing can be mounted."""
    mount_point = Path(tempfile.mkdtemp(prefix="parley-small-disk-"))
    _run("mount", "-t", "tmpfs", "-o", f"size={SIZE_BYTES},mode=0755", "tmpfs", str(mount_point))
    try:
        folder = mount_point / "tablespace"
        folder.mkdir(mode=0o700)
        account = account_for([mount_point])
        if account is not None:
            shutil.chown(folder, account.uid, account.gid)
        yield SmallDisk(folder)
    finally:
        # Lazily: the server may still hold files of databases that nobody drops before the run ends.
        _run("umount", "--lazy", str(mount_point))
        mount_point.rmdir()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - constant words
    if done.returncode:
        raise OSError(UNMOUNTABLE)

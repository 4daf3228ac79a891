"""Where an installation keeps its state: one folder, closed to others where it can be."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import LocalError

ROOT = Path(__file__).resolve().parents[2]
POLICY = ROOT / "deploy/policy/mission.toml"
PRIVATE = 0o700
# PostgreSQL may run as another user, who must be able to pass through.
PASSABLE = 0o755


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders and files of one installation under `var`."""

    var: Path

    @property
    def state(self) -> Path:
        return self.var / "installation.json"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def pids(self) -> Path:
        return self.var / "run"

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def nats(self) -> Path:
        return self.var / "nats"

    @property
    def removed(self) -> Path:
        """The ledgers of removals (shared/removal_ledger.py): no restore overwrites them."""
        return self.var / "removed"

    @property
    def restoring(self) -> Path:
        """There while a restore is under way: half of an installation is not to be started."""
        return self.var / "restoring"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def make(self) -> None:
        """Raises LocalError when the folder cannot be written."""
        try:
            self.var.mkdir(parents=True, exist_ok=True)
            _close(self.var, PASSABLE)
            for folder in (self.secrets, self.logs, self.pids, self.nats, self.removed):
                folder.mkdir(exist_ok=True)
                _close(folder, PRIVATE)
        except OSError as refused:
            raise LocalError(
                f"Parley cannot write to {self.var} ({refused.strerror}). "
                "Give the folder to your user or put it where you may write."
            ) from refused


def _close(folder: Path, mode: int) -> None:
    """A volume that others use too belongs to whoever made it, and is closed by him."""
    if os.geteuid() in (0, folder.stat().st_uid):
        folder.chmod(mode)


def write_private(path: Path, content: str, owner: tuple[int, int] | None = None) -> None:
    """A file only its owner (uid, gid) reads, whole or not at all, and on the disk when this returns."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        if owner:
            os.fchown(file.fileno(), *owner)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def wiped(path: Path) -> Iterator[None]:
    """What the file held before it is replaced inside is overwritten, as far as the disk allows."""
    if not path.exists():
        yield
        return
    with path.open("r+b") as old:
        yield
        length = old.seek(0, os.SEEK_END)
        old.seek(0)
        old.write(bytes(length))
        old.flush()
        os.fsync(old.fileno())

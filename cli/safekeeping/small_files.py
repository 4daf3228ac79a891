"""What an installation keeps in files: secrets, ledgers of removals, policy, what it remembers of itself.

Key-encryption keys go to a folder of their own, one for all backups beside it: with them in every backup,
none could ever be made unreadable. Passwords of databases are left out; a restored server has its own.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from cli.safekeeping.manifest import NOTHING_CHANGED, Backup
from deploy.local.errors import LocalError
from deploy.local.layout import POLICY, PRIVATE, Layout, write_private
from deploy.local.secrets import DECIDING
from shared.key_ring import read_ring
from shared.removal_ledger import read_lines, write_lines

KEYS = "key-encryption-keys"
LEFT_OUT = ("database.json",)
# Of the folder itself; the lock and the mark of a restore belong to a moment.
NOT_KEPT = ("lock", "restoring")
SECRETS, REMOVED, INSTALLATION, POLICIES = "secrets", "removed", "installation", "policy"


def save_files(layout: Layout, folder: Path) -> None:
    """Into folders of the backup `folder`."""
    secrets = [
        path
        for path in layout.secrets.glob("[!.]*")
        if path.name not in LEFT_OUT and not is_wrapping(path)
    ]
    beside = [path for path in layout.var.glob("[!.]*") if path.is_file()]
    _copy([path for path in beside if path.name not in NOT_KEPT], folder / INSTALLATION)
    _copy(secrets, folder / SECRETS)
    _copy([POLICY], folder / POLICIES)
    (folder / REMOVED).mkdir(mode=PRIVATE)
    for path in layout.removed.glob("*.jsonl"):
        write_lines(folder / REMOVED / path.name, list(read_lines(path)))


def save_keys(layout: Layout, folder: Path) -> None:
    """Key-encryption keys as they are now: one that has expired here is gone from there too."""
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    present = wrapping_files(layout.secrets)
    for path in present:
        write_private(folder / path.name, path.read_text("ascii"))
    for path in set(wrapping_files(folder)):
        if path.name not in {one.name for one in present}:
            path.unlink()


def put_back_files(layout: Layout, backup: Backup) -> None:
    """What is missing here; what is there stays."""
    for name, target in ((SECRETS, layout.secrets), (INSTALLATION, layout.var)):
        _missing(backup.within(name), target)


def put_back_keys(layout: Layout, keys: Path) -> None:
    _missing(wrapping_files(keys), layout.secrets)


def put_back_ledgers(layout: Layout, ledgers: Sequence[Path]) -> None:
    """Add what they know to what is known here."""
    for path in ledgers:
        here = layout.removed / path.name
        known = read_lines(here)
        if new := [line for line in read_lines(path) if line not in known]:
            write_lines(here, new)


def check_policy(backup: Backup) -> None:
    """Labels mean what the policy says. Raises LocalError when this one is another."""
    [kept] = backup.within(POLICIES)
    if kept.read_bytes() != POLICY.read_bytes():
        raise LocalError(
            f"The policy here is not the backup's. Copy {kept} over {POLICY}, or say --keep-policy "
            f"if you mean the one here. {NOTHING_CHANGED}"
        )


def names_of_keys(folder: Path) -> dict[str, list[str]]:
    """Names of the key-encryption keys in `folder`, by service."""
    found = {service: folder / f"kek-{service}.key" for service in DECIDING}
    return {
        service: [key.name for key in read_ring(path)]
        for service, path in found.items()
        if path.exists()
    }


def wrapping_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("kek-*.key"))


def is_wrapping(path: Path) -> bool:
    return path.match("kek-*.key")


def _copy(paths: Sequence[Path], folder: Path) -> None:
    folder.mkdir(mode=PRIVATE)
    for path in paths:
        write_private(folder / path.name, path.read_text("utf-8"))


def _missing(paths: Sequence[Path], folder: Path) -> None:
    for path in paths:
        if not (folder / path.name).exists():
            write_private(folder / path.name, path.read_text("utf-8"))


def empty(folder: Path) -> None:
    """Take away what a backup that failed has written."""
    shutil.rmtree(folder, ignore_errors=True)

"""As whom PostgreSQL runs: it refuses to be root, so root lends it an existing ordinary user."""

import os
import pwd
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import LocalError

CANDIDATES = ("postgres", "nobody")
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
CAPABILITIES_OF_THIS_PROCESS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Account:
    """`capability`: lent so that it can pass through folders closed to it, such as root's home."""

    name: str
    uid: int
    gid: int
    capability: int | None = None


def account_for(paths: Iterable[Path]) -> Account | None:
    """Who runs PostgreSQL with its files in `paths`; None: the present user, who is not root.

    Raises LocalError when there is nobody to lend, or when `paths` are closed to him.
    """
    if os.geteuid() != 0:
        return None
    account = _candidate()
    closed = next((at for path in paths for at in _closed_to(account, path)), None)
    if closed is None:
        return account
    capability = _lendable()
    if capability is None:
        raise LocalError(
            f"PostgreSQL must not run as root, and the user {account.name} cannot enter {closed}. "
            "Put Parley in a folder everyone may enter (such as /opt or /srv), or run it as an "
            "ordinary user."
        )
    return Account(account.name, account.uid, account.gid, capability)


def _candidate() -> Account:
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise LocalError(
        "PostgreSQL must not run as root, and there is no user postgres or nobody to run it as. "
        "Run Parley as an ordinary user."
    )


def _closed_to(account: Account, path: Path) -> Iterable[Path]:
    for folder in [*reversed(path.parents), path]:
        if not folder.is_dir():
            return
        status = folder.stat()
        needed = stat.S_IXOTH
        if status.st_gid == account.gid:
            needed = stat.S_IXGRP
        if status.st_uid == account.uid:
            needed = stat.S_IXUSR
        if not status.st_mode & needed:
            yield folder


def _lendable() -> int | None:
    """The least capability held here that passes closed folders; a container may have none."""
    try:
        lines = CAPABILITIES_OF_THIS_PROCESS.read_text("ascii").splitlines()
    except OSError:
        return None
    held = next(int(line.split()[1], 16) for line in lines if line.startswith("CapPrm:"))
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if held >> capability & 1:
            return capability
    return None

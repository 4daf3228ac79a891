"""`./parley secrets init DIR`: the secrets of an installation with compose, a folder per container."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from deploy.docker.secrets import make
from deploy.local.errors import LocalError

# Whom the images name as their user; when root makes the secrets, they are given to him.
CONTAINER = 10001


def main(arguments: Sequence[str]) -> int:
    """Makes what is missing and keeps what is there. Raises LocalError when it may not write."""
    parser = argparse.ArgumentParser(prog="./parley secrets", description=__doc__)
    parser.add_argument("action", choices=["init"], help="make what is missing; the rest stays")
    parser.add_argument("folder", type=Path, help="where; outside of this folder is best")
    folder: Path = parser.parse_args(arguments).folder.resolve()
    uid, gid = os.geteuid(), os.getegid()
    owner = (CONTAINER, CONTAINER) if uid == 0 else None
    try:
        make(folder, owner)
    except OSError as refused:
        raise LocalError(
            f"Parley cannot write {refused.filename or folder} ({refused.strerror}). "
            "Name a folder that is yours."
        ) from refused
    uid, gid = owner or (uid, gid)
    print(f"PARLEY_SECRETS={folder}\nPARLEY_UID={uid}\nPARLEY_GID={gid}")
    print(
        f"# These lines belong in .env. Keep {folder / 'all'} as safe as the data, and a copy apart."
    )
    return 0

"""`./parley secrets`: the secrets of an installation with compose, a folder per container.

`init` makes what is missing. `rotate` makes new key-encryption keys; services take them up by themselves, and
`docker compose run --rm operator keys rotate --finish` wraps everything anew. `expire` destroys old ones
once `operator keys list --json` has counted that nothing needs them.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from cli.keys import BACKUP_DAYS
from cli.safekeeping.compose_keys import expire, rotate
from deploy.docker.secrets import make
from deploy.local.errors import LocalError

# Whom the images name as their user; when root makes the secrets, they are given to him.
CONTAINER = 10001


def main(arguments: Sequence[str]) -> int:
    """0 when it is done. Raises LocalError, also when it may not write."""
    told = _parser().parse_args(arguments)
    folder: Path = told.folder.resolve()
    owner = (CONTAINER, CONTAINER) if os.geteuid() == 0 else None
    try:
        _act(told, folder)
        make(folder, owner)
    except OSError as refused:
        raise LocalError(
            f"Parley cannot write {refused.filename or folder} ({refused.strerror}). "
            "Name a folder that is yours."
        ) from refused
    if told.action == "init":
        _tell(folder, owner or (os.geteuid(), os.getegid()))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./parley secrets", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    for name, what in (
        ("init", "make what is missing; the rest stays"),
        ("rotate", "make new key-encryption keys; the present ones still open"),
        ("expire", "destroy key-encryption keys that no living backup needs"),
    ):
        action = actions.add_parser(name, help=what)
        action.add_argument("folder", type=Path, help="where; outside of this folder is best")
    action.add_argument(
        "--days", type=int, default=BACKUP_DAYS, help=f"how long backups live ({BACKUP_DAYS})"
    )
    action.add_argument(
        "--counted",
        type=Path,
        help="what `operator keys list --json` said (default: standard input)",
    )
    return parser


def _act(told: argparse.Namespace, folder: Path) -> None:
    match told.action:
        case "rotate":
            for service, name in rotate(folder).items():
                print(f"{service}: {name} wraps from now on")
        case "expire":
            gone = expire(folder, _counted(told.counted), timedelta(days=told.days))
            for service, name in gone:
                print(f"{service}: {name} is destroyed")
            if not gone:
                print(f"None was retired {told.days} days ago or before.")
        case _:
            pass


def _counted(path: Path | None) -> str:
    return path.read_text("utf-8") if path else sys.stdin.read()


def _tell(folder: Path, owner: tuple[int, int]) -> None:
    print(f"PARLEY_SECRETS={folder}\nPARLEY_UID={owner[0]}\nPARLEY_GID={owner[1]}")
    print(
        f"# These lines belong in .env. Keep {folder / 'all'} as safe as the data, and a copy apart."
    )

"""Key-encryption keys of an installation with compose: changed where all its secrets are, on the host.

Databases are not reached from here. So wrapping anew and counting are done in a container, and nothing is
destroyed without its word that nothing needs it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cli.safekeeping.key_rotation import SETTLED, RingFile
from deploy.docker.secrets import ALL
from deploy.local.errors import LocalError
from deploy.local.secrets import DECIDING
from shared.clock import utc_now
from shared.key_ring import WrappingKey

Counts = Mapping[str, Mapping[str, int]]


def rotate(folder: Path) -> dict[str, str]:
    """The name of each service's new key."""
    now, made = utc_now(), {}
    for file in _files(folder):
        file.add(now)
        made[file.service] = file.keys[0].name
    return made


def expire(folder: Path, counted: str, life: timedelta) -> list[tuple[str, str]]:
    """Service and name of those that are destroyed. Raises LocalError, before anything is changed."""
    files = _files(folder)
    gone = {file.service: file.retired_for(life, utc_now()) for file in files}
    if any(gone.values()):
        at, wrapped = _read(counted)
        for file in files:
            _check(file, gone[file.service], at, wrapped.get(file.service, {}))
    for file in files:
        file.drop(gone[file.service])
    return [(service, key.name) for service, keys in gone.items() for key in keys]


def _files(folder: Path) -> list[RingFile]:
    everything = folder / ALL
    if not everything.is_dir():
        raise LocalError(f"There are no secrets in {folder}: ./parley secrets init makes them.")
    return [RingFile(service, everything) for service in DECIDING]


def _read(counted: str) -> tuple[datetime, Counts]:
    try:
        told = json.loads(counted)
        return datetime.fromisoformat(told["at"]), told["wrapped"]
    except (ValueError, KeyError, TypeError) as wrong:
        raise LocalError(
            "Nothing says what keys have wrapped, so none is destroyed: pipe into this what "
            "`docker compose run --rm -T operator keys list --json` prints."
        ) from wrong


def _check(
    file: RingFile, gone: Sequence[WrappingKey], at: datetime, wrapped: Mapping[str, int]
) -> None:
    present = file.keys[0].name
    for key in gone:
        settled = key.retired_at is not None and at >= key.retired_at + SETTLED
        if not settled or present not in wrapped or wrapped.get(key.name) != 0:
            raise LocalError(
                f"{file.service}: {key.name} is still needed, or was not counted; none is destroyed. "
                "`docker compose run --rm operator keys rotate --finish`, then count again."
            )

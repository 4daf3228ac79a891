"""What a backup says of itself: written last, so that a folder without it is no whole backup."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.local.errors import LocalError
from deploy.local.layout import write_private

FORMAT = "parley.backup.v1"
NAME = "manifest.json"
CHUNK_BYTES = 1 << 20
# One folder deep, and nothing that leads elsewhere.
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?")
NOTHING_CHANGED = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Standing:
    """The last event a store's dump holds. `hash` in hexadecimal."""

    epoch: int
    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`heads` by service, `revisions` by database, `key_encryption_keys`: names of them by service."""

    taken_at: str
    mission: str
    site: str
    exercise: bool
    prefix: str
    heads: Mapping[str, Standing]
    revisions: Mapping[str, str]
    key_encryption_keys: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole one, every file as its manifest says."""

    folder: Path
    manifest: Manifest
    files: Sequence[str]

    def within(self, folder: str) -> list[Path]:
        """The files of one of its folders."""
        return [self.folder / name for name in self.files if name.startswith(f"{folder}/")]


def close_backup(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of all that is in `folder`: from now on it is a backup."""
    found = (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    names = sorted(name for name in found if name != NAME)
    files = {name: _told(folder / name) for name in names}
    told = {"format": FORMAT, **asdict(manifest), "files": files}
    write_private(folder / NAME, json.dumps(told, indent=1))


def open_backup(folder: Path) -> Backup:
    """Reads every byte. Raises LocalError, one sentence, for a backup that was cut off or changed."""
    if not folder.is_dir():
        raise LocalError(f"There is no folder {folder}. {NOTHING_CHANGED}")
    if not (folder / NAME).is_file():
        raise LocalError(
            f"{folder} holds no whole backup: its {NAME}, which is written last, is missing. "
            f"{NOTHING_CHANGED}"
        )
    told = _read(folder)
    for name, expected in told["files"].items():
        if not (folder / name).is_file() or _told(folder / name) != expected:
            raise LocalError(
                f"{folder / name} is not what the backup's manifest says: it was cut off or changed. "
                f"{NOTHING_CHANGED}"
            )
    return Backup(folder, _manifest(told), tuple(told["files"]))


def _read(folder: Path) -> dict[str, Any]:  # Any: JSON
    try:
        told: dict[str, Any] = json.loads((folder / NAME).read_text("utf-8"))
        if told["format"] == FORMAT and all(FILE.fullmatch(name) for name in told["files"]):
            _manifest(told)
            return told
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    raise LocalError(f"{folder / NAME} is not the manifest of a backup. {NOTHING_CHANGED}")


def _manifest(told: Mapping[str, Any]) -> Manifest:  # Any: JSON
    named = {name: told[name] for name in Manifest.__dataclass_fields__}
    heads = {service: Standing(**head) for service, head in named["heads"].items()}
    return Manifest(**(named | {"heads": heads}))


def _told(path: Path) -> dict[str, Any]:  # Any: JSON
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return {"sha256": digest.hexdigest(), "bytes": size}

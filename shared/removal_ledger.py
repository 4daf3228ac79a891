"""What was removed, written down where no restore reaches: a backup made before must not bring it back.

A file for each service, a line of JSON for each removal: ids and a word, no content. It is written before
keys are destroyed, and carried out again whenever the service starts.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from shared.contracts.removals import Ground
from shared.ids import RecordId

OWNER_ONLY = 0o600


class LedgerError(Exception):
    """A line of a ledger cannot be read: then nobody knows what must stay removed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Keys of `subjects` are destroyed. `record`: whose removal it was, where it was decided here."""

    subjects: tuple[RecordId, ...]
    record: RecordId | None = None
    ground: Ground | None = None


@dataclass
class Ledger:
    """`path` is made with the first entry, in a folder that is there. One per process and service."""

    path: Path
    _known: set[bytes] = field(default_factory=set)

    def entries(self) -> list[Entry]:
        """Each once, in the order in which they were written. Raises LedgerError."""
        lines = read_lines(self.path)
        self._known |= lines.keys()
        return [_entry(line, self.path) for line in lines]

    async def note(self, entries: Iterable[Entry]) -> None:
        """On the disk when this returns. What is known already is not written again."""
        if new := [line for line in map(_line, entries) if line not in self._known]:
            await asyncio.to_thread(write_lines, self.path, new)
            self._known.update(new)


def ledger_of(folder: Path, service: str) -> Ledger:
    """The ledger of `service` among those of an installation."""
    return Ledger(folder / f"{service}.jsonl")


def read_lines(path: Path) -> dict[bytes, None]:
    """Whole lines, each once; what a crash cut off at the end was never answered for."""
    content = path.read_bytes() if path.exists() else b""
    return dict.fromkeys(line for line in content.split(b"\n")[:-1] if line)


def write_lines(path: Path, lines: Sequence[bytes]) -> None:
    """At the end, on the disk when this returns; of several processes one at a time."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        whole = file.read().rfind(b"\n") + 1
        file.seek(whole)
        file.truncate()
        file.write(b"\n".join([*lines, b""]))
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Or the name of a file just made may be lost with the power."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _line(entry: Entry) -> bytes:
    told: dict[str, object] = {"subjects": [str(one) for one in entry.subjects]}
    if entry.record is not None and entry.ground is not None:
        told |= {"record": str(entry.record), "ground": entry.ground.value}
    return orjson.dumps(told)


def _entry(line: bytes, path: Path) -> Entry:
    try:
        told = orjson.loads(line)
        subjects = tuple(RecordId.parse(one) for one in told["subjects"])
        if "record" not in told:
            return Entry(subjects)
        return Entry(subjects, RecordId.parse(told["record"]), Ground(told["ground"]))
    except (ValueError, KeyError, TypeError) as wrong:
        raise LedgerError(f"{path.name} has a line that is no removal") from wrong

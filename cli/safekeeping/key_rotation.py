"""Key-encryption keys made, put to use, and let expire, while services serve and write."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from deploy.local.alone import alone
from deploy.local.layout import PRIVATE, Layout, wiped, write_private
from deploy.local.secrets import DECIDING
from deploy.local.services import Surroundings
from services.gateway.jobs.job import KEYS
from services.gateway.webhooks.store import SECRETS
from shared.database import open_pool
from shared.ids import new_bytes
from shared.key_ring import SECRET_BYTES, WrappingKey, read_ring, spelled
from shared.rewrapping import Progress, Wrapped, count_by_key, keys_of, rewrap

LOCK = ".rotating"
# A service that looked at its file before the change has written what it was about to write by then.
SETTLED = timedelta(minutes=1)


class Addresses(Protocol):
    """Where databases are, by name and role."""

    def url(self, name: str, role: str) -> str: ...


@dataclass(frozen=True)
class RingFile:
    """Those of one service. `copies`: folders that always hold the file as it is."""

    service: str
    secrets: Path
    copies: Sequence[Path] = ()

    @property
    def keys(self) -> tuple[WrappingKey, ...]:
        return read_ring(self.secrets / self.name)

    @property
    def name(self) -> str:
        return f"kek-{self.service}.key"

    def add(self, now: datetime) -> None:
        """A new one wraps from now on; what it has wrapped opens after a crash, too: copies come first."""
        retired = [replace(key, retired_at=key.retired_at or now) for key in self.keys]
        self._write([WrappingKey(new_bytes(SECRET_BYTES)), *retired])

    def retired_for(self, life: timedelta, now: datetime) -> list[WrappingKey]:
        """Those that were retired as long ago, or longer."""
        until = now - max(life, SETTLED)
        return [key for key in self.keys if key.retired_at and key.retired_at <= until]

    def drop(self, gone: Sequence[WrappingKey]) -> None:
        """Nobody has them from now on; whatever they have wrapped stays closed."""
        if gone:
            self._write([key for key in self.keys if key not in gone])

    def _write(self, keys: Sequence[WrappingKey]) -> None:
        for folder in (*self.copies, self.secrets):
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            with wiped(folder / self.name):
                write_private(folder / self.name, spelled(keys))


@dataclass(frozen=True)
class KeyFile(RingFile):
    """With what they have wrapped in databases."""

    databases: Addresses = field(kw_only=True)

    async def rewrap(self, tell: Progress) -> int:
        """How many values an older key had wrapped. Raises UnknownKeyError."""
        count = 0
        for url, wrapped in self._places():
            async with open_pool(url, connections=1) as pool:
                count += await rewrap(pool, wrapped, self.keys, tell)
        return count

    async def expire(self, now: datetime, life: timedelta, tell: Progress) -> list[WrappingKey]:
        """Those retired for `life`, which nothing needs any more and nobody has from now on."""
        gone = self.retired_for(life, now)
        if gone:
            await self.rewrap(tell)
            self.drop(gone)
        return gone

    async def count(self) -> Counter[str]:
        """How many values each key has wrapped, by its name. Raises UnknownKeyError."""
        counted: Counter[str] = Counter()
        for url, wrapped in self._places():
            async with open_pool(url, connections=1) as pool:
                counted += await count_by_key(pool, wrapped, self.keys)
        return counted

    def _places(self) -> Iterator[tuple[str, Wrapped]]:
        yield self.databases.url("keystore", self.service), keys_of(self.service)
        if self.service == "gateway":
            yield self.databases.url("gateway", "app"), SECRETS
            yield self.databases.url("gateway", "app"), KEYS


def key_files(around: Surroundings, copies: Sequence[Path]) -> list[KeyFile]:
    """Of every service that has keys."""
    secrets, databases = around.layout.secrets, around.databases
    return [KeyFile(service, secrets, copies, databases=databases) for service in DECIDING]


@contextmanager
def one_at_a_time(layout: Layout) -> Iterator[None]:
    """Two rotations at once would lose the key that one of them made."""
    busy = "Key-encryption keys are being changed already; wait for that to end."
    with alone(layout, LOCK, busy):
        yield

"""The keys of one deciding service: one per record or person, wrapped, gone when destroyed."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.clock import utc_now
from shared.database import STATEMENT_SECONDS
from shared.gathering import Gatherer
from shared.ids import new_bytes
from shared.key_ring import KeyRing
from shared.scrubbing import scrub

if TYPE_CHECKING:
    import asyncpg

KEY_BYTES = 32
FIRST_VERSION = 1
CACHED_KEYS = 50_000
SUBJECTS_AT_ONCE = 1_000

# {table} is one of our own schemas, never a caller's word.
_FIND = "select subject, version, wrapped from {table} where subject = any($1::text[])"
_MAKE = """
insert into {table} (subject, version, wrapped, created_at)
select subject, $3, wrapped, $4 from unnest($1::text[], $2::bytea[]) as given(subject, wrapped)
    on conflict (subject) do nothing
returning subject
"""
# Also of a subject that has no key here: it never gets one again, and whoever waits sees that this
# service knows.
_DESTROY = """
insert into {table} as known (subject, version, wrapped, created_at, destroyed_at)
select subject, $3, null, $2, $2 from unnest($1::text[]) as given(subject)
    on conflict (subject) do update set wrapped = null, destroyed_at = excluded.destroyed_at
 where known.destroyed_at is null
"""
_TO_SCRUB = """
select subject from {table} where subject = any($1::text[]) and scrubbed_at is null
"""
_SCRUBBED = "update {table} set scrubbed_at = $2 where subject = any($1::text[])"


@dataclass(frozen=True, slots=True)
class Key:
    """One subject's key; `secret` is None once it was destroyed."""

    version: int
    secret: bytes | None


class KeyStore:
    """Keys in `table`, wrapped with those of `wrapping`. One per process and service."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", table: str, wrapping: KeyRing) -> None:
        self._pool = pool
        self._table = _checked(table)
        self._wrapping = wrapping
        self._cached: OrderedDict[str, Key] = OrderedDict()
        self._making: Gatherer[tuple[str, ...], dict[str, Key]] = Gatherer(
            self._make, SUBJECTS_AT_ONCE
        )

    async def find(self, subjects: Iterable[str]) -> dict[str, Key]:
        """Keys of those `subjects` that ever had one. At most one query."""
        found, unknown = self._remembered(subjects)
        if unknown:
            found |= await self._query(_FIND, unknown)
        return found

    async def find_or_make(self, subjects: Iterable[str]) -> dict[str, Key]:
        """A key for each of `subjects`, made where missing. One query for all who ask at once, and
        another when some of their keys were there and not in memory."""
        found, unknown = self._remembered(subjects)
        if unknown:
            found |= await self._making.ask(tuple(unknown))
        return found

    async def destroy(self, subjects: Iterable[str]) -> None:
        """What these keys sealed cannot be read again, by anyone, once backups have aged."""
        gone = list(dict.fromkeys(subjects))
        query = _DESTROY.format(table=self._table)
        await self._pool.execute(query, gone, utc_now(), FIRST_VERSION, timeout=STATEMENT_SECONDS)
        self.forget(gone)

    async def scrub(self, subjects: Iterable[str]) -> None:
        """After `destroy`: see to it that no copy of these keys is left in the key store's files."""
        asked = list(subjects)
        query = _TO_SCRUB.format(table=self._table)
        rows = await self._pool.fetch(query, asked, timeout=STATEMENT_SECONDS)
        if rows:
            async with self._pool.acquire() as connection:
                await scrub(connection, [self._table])
            done = _SCRUBBED.format(table=self._table)
            await self._pool.execute(done, asked, utc_now(), timeout=STATEMENT_SECONDS)

    def forget(self, subjects: Iterable[str]) -> None:
        """Drop keys from this process's memory: somebody else destroyed them."""
        for subject in subjects:
            self._cached.pop(subject, None)

    async def _make(self, asked: Sequence[tuple[str, ...]]) -> list[dict[str, Key]]:
        secrets = {subject: new_bytes(KEY_BYTES) for group in asked for subject in group}
        present = self._wrapping.keys[0]
        wrapped = [
            present.seal(secret, _bound_to(subject, FIRST_VERSION))
            for subject, secret in secrets.items()
        ]
        values = (list(secrets), wrapped, FIRST_VERSION, utc_now())
        query = _MAKE.format(table=self._table)
        rows = await self._pool.fetch(query, *values, timeout=STATEMENT_SECONDS)
        made = {subject: Key(FIRST_VERSION, secrets[subject]) for (subject,) in rows}
        self._remember(made)
        if others := [subject for subject in secrets if subject not in made]:
            # Theirs was there before, or another process made it meanwhile.
            made |= await self._query(_FIND, others)
        return [{subject: made[subject] for subject in group} for group in asked]

    async def _query(self, query: str, *values: object) -> dict[str, Key]:
        rows = await self._pool.fetch(
            query.format(table=self._table), *values, timeout=STATEMENT_SECONDS
        )
        found = {row["subject"]: self._unwrapped(*row) for row in rows}
        self._remember(found)
        return found

    def _unwrapped(self, subject: str, version: int, wrapped: bytes | None) -> Key:
        if wrapped is None:
            return Key(version, None)
        return Key(version, self._wrapping.open(wrapped, _bound_to(subject, version)))

    def _remembered(self, subjects: Iterable[str]) -> tuple[dict[str, Key], list[str]]:
        found: dict[str, Key] = {}
        unknown: list[str] = []
        for subject in dict.fromkeys(subjects):
            key = self._cached.get(subject)
            if key is None:
                unknown.append(subject)
            else:
                self._cached.move_to_end(subject)
                found[subject] = key
        return found, unknown

    def _remember(self, found: dict[str, Key]) -> None:
        self._cached |= found
        while len(self._cached) > CACHED_KEYS:
            self._cached.popitem(last=False)


def own_keys(pool: "asyncpg.Pool[asyncpg.Record]", service: str, wrapping: KeyRing) -> KeyStore:
    """The keys `service` itself makes and destroys."""
    return KeyStore(pool, f"{service}.keys", wrapping)


def readable_keys(
    pool: "asyncpg.Pool[asyncpg.Record]", service: str, wrapping: KeyRing
) -> KeyStore:
    """The keys of `service` as reporting may read them: only `find` works."""
    return KeyStore(pool, f"readable.{service}", wrapping)


def _checked(table: str) -> str:
    schema, _, name = table.partition(".")
    if not (schema.isidentifier() and name.isidentifier()):
        raise ValueError("not a table of the key store")
    return table


def _bound_to(subject: str, version: int) -> bytes:
    return f"{subject}|{version}".encode()

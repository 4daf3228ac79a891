"""Wraps anew what older key-encryption keys have wrapped, in portions, while everything serves.

What changes meanwhile is left alone: a key that is destroyed stays so, a new one is wrapped with the new.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from shared.database import STATEMENT_SECONDS, Pool
from shared.key_ring import WrappingKey

PORTION = 500

Binding = Callable[..., bytes]
Progress = Callable[[int], None]


class UnknownKeyError(Exception):
    """Something is wrapped with a key that nobody has, or was changed."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """Rows with a wrapped value: `read` pages by id after $1, `write` sets id $1 from value $2 to $3.

    `read` gives id, value and what `binding` needs besides. Ours, never a caller's words.
    """

    read: str
    write: str
    binding: Binding


def keys_of(service: str) -> Wrapped:
    """The key store's table of a service."""
    table = f"{service}.keys"
    return Wrapped(
        f"select subject, wrapped, version from {table} where subject > $1 and wrapped is not null"  # noqa: S608
        f" order by subject limit {PORTION}",
        f"update {table} set wrapped = $3 where subject = $1 and wrapped = $2",  # noqa: S608
        lambda subject, version: f"{subject}|{version}".encode(),
    )


async def rewrap(
    pool: Pool, wrapped: Wrapped, keys: tuple[WrappingKey, ...], tell: Progress
) -> int:
    """How many were not wrapped with the first of `keys`, and are now. Raises UnknownKeyError.

    Again and again until a whole pass finds nothing: a service may not have looked at its file yet.
    """
    total = done = 0
    while True:
        async for portion in _portions(pool, wrapped):
            changed = []
            for id_, value, bound_to in portion:
                key, plain = _opened(value, bound_to, keys)
                if key != keys[0]:
                    changed.append((id_, value, keys[0].seal(plain, bound_to)))
            await pool.executemany(wrapped.write, changed, timeout=STATEMENT_SECONDS)
            done += len(changed)
            tell(done)
        if done == total:
            return total
        total = done


async def count_by_key(pool: Pool, wrapped: Wrapped, keys: tuple[WrappingKey, ...]) -> Counter[str]:
    """How many are wrapped with each of `keys`, by its name. Raises UnknownKeyError."""
    counted: Counter[str] = Counter()
    async for portion in _portions(pool, wrapped):
        counted.update(_opened(value, bound, keys)[0].name for _, value, bound in portion)
    return counted


async def _portions(pool: Pool, wrapped: Wrapped) -> AsyncIterator[list[tuple[str, bytes, bytes]]]:
    after = ""
    while rows := await pool.fetch(wrapped.read, after, timeout=STATEMENT_SECONDS):
        yield [(row[0], row[1], wrapped.binding(row[0], *tuple(row)[2:])) for row in rows]
        after = rows[-1][0]


def _opened(
    value: bytes, bound_to: bytes, keys: tuple[WrappingKey, ...]
) -> tuple[WrappingKey, bytes]:
    for key in keys:
        if (plain := key.open(value, bound_to)) is not None:
            return key, plain
    raise UnknownKeyError("wrapped with a key-encryption key that is not here")

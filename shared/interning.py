"""Labels as small numbers, and what a reader may read as a string of bits over them.

Numbers are never used again for another label, so a bit string stays true for as long as it is kept.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import orjson

from shared.labels import Clearance, Label, from_json, reads, to_json

if TYPE_CHECKING:
    import asyncpg

    # A pool hands out proxies that do all a connection does.
    Connection = (
        asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    )

# A label made meanwhile by another process must lie within the string: outside it `get_bit` raises.
HEADROOM = 4096
CACHED_CLEARANCES = 10_000
INTERNING_LOCK = 5_190_341

_LOAD = "select label_id, label from label_ids where label_id > $1 order by label_id"
_INTERN = """
insert into label_ids (digest, label)
select digest, label::jsonb from unnest($1::bytea[], $2::text[]) as given(digest, label)
    on conflict (digest) do nothing
"""


class LabelBook:
    """All labels this process knows of, by number. One per database."""

    def __init__(self) -> None:
        self._by_id: dict[int, Label] = {}
        self._ids: dict[Label, int] = {}
        self._bits: OrderedDict[tuple[object, ...], tuple[int, bytes]] = OrderedDict()
        self.last = 0

    @property
    def labels(self) -> dict[int, Label]:
        return self._by_id

    @property
    def ids(self) -> dict[Label, int]:
        return self._ids

    async def refresh(self, connection: "Connection") -> None:
        """Learn labels that were numbered since. One query."""
        for row in await connection.fetch(_LOAD, self.last):
            known = from_json(orjson.loads(row["label"]))
            self._by_id[row["label_id"]] = known
            self._ids[known] = row["label_id"]
            self.last = row["label_id"]

    async def intern(self, connection: "Connection", labels: Iterable[Label]) -> None:
        """Number those of `labels` that have none. Not within a transaction that may yet fail."""
        missing = {label for label in labels if label not in self._ids}
        if not missing:
            return
        spelled = sorted(canonical(label) for label in missing)
        digests = [hashlib.sha256(one).digest() for one in spelled]
        async with connection.transaction():
            # One at a time: numbers then become visible in order, and none is overlooked by `refresh`.
            await connection.execute("select pg_advisory_xact_lock($1)", INTERNING_LOCK)
            await connection.execute(_INTERN, digests, [one.decode() for one in spelled])
        await self.refresh(connection)

    def bits(self, reader: Clearance) -> bytes:
        """Bit n is set when `reader` reads label n. Long enough for labels to come (unset)."""
        key = reader.key
        upto, bits = self._bits.get(key, (-1, b""))
        if upto != self.last:
            bits = self._computed(reader)
            self._bits[key] = (self.last, bits)
            if len(self._bits) > CACHED_CLEARANCES:
                self._bits.popitem(last=False)
        return bits

    def _computed(self, reader: Clearance) -> bytes:
        made = bytearray((self.last + HEADROOM) // 8 + 1)
        for number, label in self._by_id.items():
            if reads(reader, label):
                made[number // 8] |= 1 << number % 8
        return bytes(made)


def canonical(label: Label) -> bytes:
    """The one spelling of a label."""
    return orjson.dumps(to_json(label), option=orjson.OPT_SORT_KEYS)

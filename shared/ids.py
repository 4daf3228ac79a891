"""Random ids, and the one source of randomness that tests can seed.

A record id is spelled `<kind>_<26 characters>`: TypeID spelling (Crockford base 32, lower case)
of 128 random bits, so that it tells neither order nor volume.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26
SPELLED = re.compile(f"[0-7][{ALPHABET}]{{{LENGTH - 1}}}")
# int() reads base 32 with these digits.
TO_DIGITS = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")
# Ids are spelled two letters, ten bits, at a time.
PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)
SHIFTS = tuple(range(10 * (LENGTH // 2 - 1), -1, -10))
# The same few ids are read again and again: a record's own, its owner's.
REMEMBERED = 20_000


class Kind(StrEnum):
    """Kinds of record, and of people named in them."""

    ORGANISATION = "organisation"
    PLACE = "place"
    ENGAGEMENT = "engagement"
    PERSON = "person"
    POST = "post"
    COMMITMENT = "commitment"
    ATTACHMENT = "attachment"
    PARTNER = "partner"
    ACCOUNT = "account"
    CLIENT = "client"
    READS = "reads"
    GLASS = "glass"
    VIEWING = "viewing"


# As a regular expression of JSON schemas.
PATTERN = f"^({'|'.join(Kind)})_[0-7][{ALPHABET}]{{{LENGTH - 1}}}$"


class _Seeded:
    """A stream of bytes fixed by its seed: SHA-256 over seed and counter."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._count = 0

    def take(self, size: int) -> bytes:
        taken = b""
        while len(taken) < size:
            self._count += 1
            taken += hashlib.sha256(self._seed + self._count.to_bytes(8, "big")).digest()
        return taken[:size]


_seeded: ContextVar[_Seeded | None] = ContextVar("parley_ids", default=None)


def new_bytes(size: int) -> bytes:
    """`size` unpredictable bytes (predictable only inside `seeded_ids`)."""
    source = _seeded.get()
    return source.take(size) if source else secrets.token_bytes(size)


def new_uuid() -> UUID:
    """128 random bits; no version or variant bits are set, so nothing but chance is in it."""
    return UUID(bytes=new_bytes(16))


@contextmanager
def seeded_ids(seed: bytes) -> Iterator[None]:
    """Make ids and nonces of this task a function of `seed`; for tests and the demo only."""
    token = _seeded.set(_Seeded(seed))
    try:
        yield
    finally:
        _seeded.reset(token)


@dataclass(frozen=True, slots=True, order=True)
class RecordId:
    """A record's id: its kind and 128 random bits. `str()` spells it; `parse` reads it back."""

    kind: Kind
    uuid: UUID
    # Spelled once: an id is asked for its spelling again and again.
    _spelled: str = field(default="", init=False, repr=False, compare=False)

    @classmethod
    def new(cls, kind: Kind) -> "RecordId":
        return cls(kind, new_uuid())

    @classmethod
    def parse(cls, spelled: str) -> "RecordId":
        """Raises ValueError when `spelled` is not a record id in its one canonical spelling."""
        return _parsed(spelled)

    def __str__(self) -> str:
        if not self._spelled:
            number = self.uuid.int
            letters = "".join([PAIRS[number >> shift & 1023] for shift in SHIFTS])
            object.__setattr__(self, "_spelled", f"{self.kind.value}_{letters}")
        return self._spelled

    @classmethod
    def __get_pydantic_core_schema__(
        cls,
        source: Any,
        handler: GetCoreSchemaHandler,  # Any: pydantic's own signature
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:  # Any: a JSON schema
        return {"type": "string", "pattern": PATTERN}


@lru_cache(REMEMBERED)
def _parsed(spelled: str) -> RecordId:
    kind, _, letters = spelled.partition("_")
    if kind not in Kind.__members__.values() or not SPELLED.fullmatch(letters):
        raise ValueError("not a record id")
    found = RecordId(Kind(kind), UUID(int=int(letters.translate(TO_DIGITS), 32)))
    object.__setattr__(found, "_spelled", spelled)
    return found


def _validated(value: object) -> RecordId:
    if isinstance(value, RecordId):
        return value
    if isinstance(value, str):
        return RecordId.parse(value)
    raise ValueError("not a record id")

"""Content is encrypted before it is stored and hashed, under keys that can be destroyed.

Free text under a key per record, identities and sources under a key per person
(`event.key_subject`). Destroying a key erases what it sealed from events, streams, mirrors and
backups at once; what is left reads as a tombstone, never as an error.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import orjson

from shared.contracts.event import DomainEvent
from shared.errors import RejectedError
from shared.event_types import EventType, EventTypes
from shared.eventstore.model import NewEvent, Recorded
from shared.ids import RecordId, new_uuid
from shared.keys import Key, KeyStore
from shared.sealing_box import (
    SEALED,
    Fields,
    Parts,
    opened,
    opened_content,
    sealed_content,
    split,
    stored,
)

# What becomes of fields a model does not know; None: what the model itself says.
Extra = Literal["ignore"]


class Opened(NamedTuple):
    """A stored event, readable again. A tuple for speed, as what is `recorded`.

    `fields`: its JSON, sealed fields included unless `sealed_away` (their key is destroyed).
    `event`: the same, typed; with stand-ins ("[erased]") when sealed away; None when no stand-in
    could be honest, or when the type is one this service does not know.
    """

    recorded: Recorded
    fields: dict[str, Any]  # Any: JSON
    event: DomainEvent | None
    sealed_away: bool


class Vault:
    """Seals a service's new events and opens stored ones. `types` are the events it knows.

    `foreign`: the events are another service's, whose newer release may add fields unknown here.
    """

    def __init__(self, keys: KeyStore, types: EventTypes, *, foreign: bool = False) -> None:
        self._keys = keys
        self._types = types
        self._extra: Extra | None = "ignore" if foreign else None

    async def seal(
        self, events: Sequence[DomainEvent], record_id: RecordId, meta: bytes, at: datetime
    ) -> tuple[NewEvent, ...]:
        """What to append for `events`. Raises RejectedError when a key they need is destroyed.

        No query when the keys are known, else one for new keys, and one for keys that were there;
        keys are stored before anything needs them.
        """
        shapes = [self._shape(event) for event in events]
        parts = [split(event, shape) for event, shape in zip(events, shapes, strict=True)]
        subjects = [str(event.key_subject or record_id) for event in events]
        keys = await self._keys_for(subjects, parts)
        sealed = []
        for event, part, subject in zip(events, parts, subjects, strict=True):
            event_id, type_ = new_uuid(), type_of(event)
            data = stored(part, event_id, type_, subject, keys.get(subject))
            sealed.append(NewEvent(event_id, type_, data, meta, at))
        return tuple(sealed)

    async def open_all(self, recorded: Sequence[Recorded]) -> list[Opened]:
        """Each of `recorded`, readable again, in order. One query for the keys not in memory."""
        parsed: list[Fields] = [orjson.loads(one.data) for one in recorded]
        boxes = [fields.pop(SEALED, ()) for fields in parsed]
        subjects = {entry["key"] for entries in boxes for entry in entries}
        keys = await self._keys.find(subjects) if subjects else {}
        return [
            self._opened(one, fields, entries, keys)
            for one, fields, entries in zip(recorded, parsed, boxes, strict=True)
        ]

    async def seal_content(self, content: bytes, record_id: RecordId) -> bytes:
        """A file, encrypted under its record's key. Raises RejectedError when that is destroyed."""
        subject = str(record_id)
        found = await self._keys.find_or_make({subject})
        if found[subject].secret is None:
            raise _erased()
        return sealed_content(content, subject, found[subject])

    async def open_content(self, sealed: bytes, record_id: RecordId) -> bytes | None:
        """The file again; None when its key is destroyed. Raises InvalidTag on tampering."""
        subject = str(record_id)
        key = (await self._keys.find({subject})).get(subject)
        return opened_content(sealed, subject, key)

    async def secrets(self, subjects: Sequence[str]) -> dict[str, bytes | None]:
        """The secret of each, in their order; None once it is destroyed. One query at most."""
        keys = await self._keys.find(subjects) if subjects else {}
        return {one: keys[one].secret if one in keys else None for one in subjects}

    async def destroy(self, subjects: Sequence[RecordId]) -> None:
        """Make everything sealed for these records and persons unreadable."""
        await self._keys.destroy([str(subject) for subject in subjects])

    async def scrub(self, subjects: Sequence[RecordId]) -> None:
        """See to it that no copy of their destroyed keys is left in the key store's files."""
        await self._keys.scrub([str(subject) for subject in subjects])

    def forget(self, subjects: Sequence[RecordId]) -> None:
        """Another process destroyed these keys: drop them from memory too."""
        self._keys.forget([str(subject) for subject in subjects])

    async def _keys_for(self, subjects: Sequence[str], parts: Sequence[Parts]) -> dict[str, Key]:
        needed = {subject for subject, part in zip(subjects, parts, strict=True) if part.secret}
        if not needed:
            return {}
        keys = await self._keys.find_or_make(needed)
        if any(key.secret is None for key in keys.values()):
            raise _erased()
        return keys

    def _opened(
        self,
        recorded: Recorded,
        fields: Fields,
        entries: Sequence[dict[str, Any]],  # Any: JSON
        keys: dict[str, Key],
    ) -> Opened:
        away = False
        for entry in entries:
            found = opened(entry, recorded.event_id, recorded.type, keys.get(entry["key"]))
            away = away or found is None
            fields |= found or {}
        shape = self._types.get(recorded.type)
        event = _typed(shape, fields, away, self._extra) if shape else None
        return Opened(recorded, fields, event, away)

    def _shape(self, event: DomainEvent) -> EventType:
        return self._types[type_of(event)]


def _erased() -> RejectedError:
    return RejectedError("What this record held was erased; it takes no new text.", code="erased")


def type_of(event: DomainEvent) -> str:
    """The literal type every event model declares."""
    name: str = getattr(event, "type")  # noqa: B009 - declared by each model, not by their base
    return name


def _typed(shape: EventType, fields: Fields, away: bool, extra: Extra | None) -> DomainEvent | None:
    current = shape.current(fields) if shape.upcast else fields
    if not away:
        return shape.validate(current, extra=extra)
    if shape.stand_ins is None:
        return None
    return shape.validate({**shape.stand_ins, **current}, extra=extra)

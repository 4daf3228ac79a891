"""Typed events of records, as the benches make them, and what they come to when nothing is sealed."""

from collections.abc import Sequence

import orjson

from cli.benching.event_log import AT
from shared.contracts.contacts import ContactsEvent
from shared.contracts.event import DomainEvent
from shared.event_meta import EventMeta
from shared.event_types import event_types
from shared.eventstore.model import Append, NewEvent
from shared.ids import Kind, RecordId, new_uuid
from shared.labels import label, to_json
from shared.sealing import type_of

TYPES = event_types(ContactsEvent)
LABELS = {"base": to_json(label({"un": 0}, [["community:all"]]))}


def typed(type_: str, **fields: object) -> DomainEvent:
    """As read from a log: making events is the services' alone."""
    return TYPES[type_].model.model_validate(fields)


def plain(record: RecordId, events: Sequence[DomainEvent]) -> tuple[NewEvent, ...]:
    """Nothing of it sealed; otherwise as the vault would have it stored."""
    meta = meta_of(record)
    told = [orjson.dumps(one.model_dump(mode="json", exclude_none=True)) for one in events]
    return tuple(
        NewEvent(new_uuid(), type_of(one), data, meta, AT)
        for one, data in zip(events, told, strict=True)
    )


def plain_append(record: RecordId, events: Sequence[DomainEvent]) -> Append:
    """As the first of its stream."""
    return Append(str(record), 0, plain(record, events))


def meta_of(record: RecordId) -> bytes:
    owner = RecordId.new(Kind.ORGANISATION)
    return EventMeta(record, owner, "bench", owner, "", exercise=True).to_bytes()

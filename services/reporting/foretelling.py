"""A record that nobody has made yet, as its maker would see it: by the folds of all that is read."""

from datetime import datetime
from functools import cache, reduce
from typing import Any

import orjson

from services.reporting.records.document import Document
from services.reporting.records.folding import Seen, fold
from services.reporting.records.rows import labels_of, portion_rows, record_row
from services.reporting.views import View, Views
from shared.contracts.contacts import ContactsEvent
from shared.contracts.engagements import EngagementsEvent
from shared.contracts.event import DomainEvent
from shared.errors import MalformedError
from shared.event_meta import EventMeta
from shared.event_types import EventTypes, event_types
from shared.foretelling import Foretold
from shared.policy import Policy
from shared.principal import Principal

NOBODYS_TRACE = ""


def foretold_view(told: Foretold, by: Principal, policy: Policy, now: datetime) -> View:
    """With every group, as whoever reads all of it would see it. Pure. Raises MalformedError."""
    document = _document(told, by, policy, now)
    labels = dict(enumerate(dict.fromkeys(labels_of(document))))
    ids = {label: number for number, label in labels.items()}
    row = record_row(document, ids)
    portions = [
        _as_read(each) | {"own_label_now": each["own_label_id"]}
        for each in portion_rows(document, ids)
    ]
    read = _as_read(row) | {"label_now": row["label_id"]}
    return Views(policy, labels).view(read, portions)


def _document(told: Foretold, by: Principal, policy: Policy, now: datetime) -> Document:
    meta = EventMeta(
        record=told.id,
        owner=told.owner,
        by=by.subject,
        organisation=by.organisation,
        traceparent=NOBODYS_TRACE,
        exercise=told.exercise,
    )
    seen = [_seen(fields, meta, number, now) for number, fields in enumerate(told.events, start=1)]
    try:
        document = reduce(lambda before, one: fold(before, one, policy.coarse), seen, None)
    except (KeyError, ValueError) as wrong:
        raise MalformedError("No record begins like that.") from wrong
    if document is None:
        raise MalformedError("A record begins with an event.")
    return document


def _seen(fields: dict[str, Any], meta: EventMeta, version: int, now: datetime) -> Seen:
    # Any: JSON of an event
    event = _event(fields)
    return Seen(
        type=fields["type"],
        event=event,
        group=event.group,
        erased=False,
        meta=meta,
        source="",
        epoch=0,
        position=0,
        version=version,
        recorded_at=now,
    )


def _event(fields: dict[str, Any]) -> DomainEvent:  # Any: JSON of an event
    try:
        return _types()[fields["type"]].validate(fields)
    except (KeyError, ValueError) as wrong:
        raise MalformedError("This is no event.") from wrong


@cache
def _types() -> EventTypes:
    return {**event_types(ContactsEvent), **event_types(EngagementsEvent)}


def _as_read(row: dict[str, Any]) -> dict[str, Any]:  # Any: columns
    return row | {"doc": orjson.dumps(row["doc"]) if row["doc"] else None}

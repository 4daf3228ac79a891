"""Which records have dates to come, event by event. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from shared.contracts.event import DomainEvent
from shared.contracts.records import (
    RecordDeclassified,
    RecordExpired,
    RecordScheduled,
    ReleaseScheduled,
)
from shared.handling import Dates
from shared.ids import RecordId


def _written(model: type[DomainEvent]) -> str:
    type_: str = model.model_fields["type"].default
    return type_


SCHEDULED, RELEASE_SCHEDULED = _written(RecordScheduled), _written(ReleaseScheduled)
DECLASSIFIED, EXPIRED = _written(RecordDeclassified), _written(RecordExpired)


@dataclass(frozen=True, slots=True)
class Dated:
    """`since`: version of the event that said so last. `dates` without the labels to come."""

    id: RecordId
    since: int
    dates: Dates = field(default_factory=Dates)


Watch = Mapping[str, Dated]
# stream, version, type and data of an event
Told = tuple[str, int, str, bytes]


def watch_after(watch: Watch, events: Iterable[Told]) -> dict[str, Dated]:
    """Those with a date to come, once `events`, all of these four types, have happened.

    Events that end a date otherwise, by another label, are not watched: when it comes, nothing happens.
    """
    dated = dict(watch)
    for stream, version, type_, data in events:
        known = dated.pop(stream, None) or Dated(RecordId.parse(stream), version)
        dates = _dates(known.dates, type_, orjson.loads(data))
        if dates.next:
            dated[stream] = Dated(known.id, version, dates)
    return dated


def _dates(known: Dates, type_: str, told: Mapping[str, str | None]) -> Dates:
    if type_ == SCHEDULED:
        return Dates(_moment(told, "declassify_at"), expires_at=_moment(told, "expires_at"))
    if type_ == RELEASE_SCHEDULED:
        return Dates(_moment(told, "at"), expires_at=known.expires_at)
    if type_ == DECLASSIFIED:
        return Dates(expires_at=known.expires_at)
    return Dates()


def _moment(told: Mapping[str, str | None], name: str) -> datetime | None:
    spelled = told.get(name)
    return datetime.fromisoformat(spelled) if spelled else None

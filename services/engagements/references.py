"""What engagements keeps of an organisation or place, event by event. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from shared.contracts.event import Group
from shared.event_meta import read_meta
from shared.eventstore.model import Recorded
from shared.folding import folded
from shared.ids import RecordId

ACTIVE, RETIRED = "active", "retired"
REGISTERED = frozenset({"organisation.registered.v1", "place.registered.v1"})
RELABELLED = frozenset({"organisation.relabelled.v1", "place.relabelled.v1"})
RETIRING = frozenset({"organisation.retired.v1", "place.retired.v1"})
PLACE_AMENDED = "place.amended.v1"

Json = Mapping[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Gazetted:
    """A place as the gazetteer has it. `names`: every name it goes by, folded."""

    name: str
    names: frozenset[str]
    level: str
    area: str | None
    lat: float | None
    lon: float | None
    precision: str


@dataclass(frozen=True, slots=True)
class Known:
    """A record of another service. `place` is None for organisations, whose content is sealed."""

    id: RecordId
    owner: RecordId
    status: str
    label: Json
    place: Gazetted | None = None


def known_after(known: Known | None, recorded: Recorded) -> Known | None:
    """What is known once `recorded` has happened. Types that say nothing of use change nothing."""
    event = orjson.loads(recorded.data)
    if recorded.type in REGISTERED:
        meta = read_meta(recorded.meta)
        place = gazetted(event) if recorded.type.startswith("place.") else None
        return Known(meta.record, meta.owner, ACTIVE, event["labels"][Group.BASE], place)
    if known is None:
        return None
    if recorded.type in RETIRING:
        return replace(known, status=RETIRED)
    if recorded.type in RELABELLED:
        return replace(known, label=event["labels"].get(Group.BASE, known.label))
    if recorded.type == PLACE_AMENDED:
        return replace(known, place=gazetted(event))
    return known


def gazetted(event: Json) -> Gazetted:
    point = event.get("point") or {}
    names = [event["name"], *event.get("alternative_names", ())]
    return Gazetted(
        name=event["name"]["text"],
        names=frozenset(folded(name["text"]) for name in names),
        level=event["level"],
        area=event.get("area"),
        lat=point.get("lat"),
        lon=point.get("lon"),
        precision=event["precision"],
    )

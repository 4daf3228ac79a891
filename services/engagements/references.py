"""What engagements keeps of organisations, people, posts and places, event by event. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from shared.contracts.event import Group
from shared.event_meta import read_meta
from shared.eventstore.model import Recorded
from shared.folding import folded
from shared.ids import RecordId

ACTIVE, RETIRED, MERGED, REMOVED = "active", "retired", "merged", "removed"
KINDS = ("organisation", "place", "person", "post")
BEGINNING = frozenset(
    {"organisation.registered.v1", "place.registered.v1", "person.registered.v1", "post.created.v1"}
)
RELABELLED = frozenset({f"{kind}.relabelled.v1" for kind in KINDS} | {"record.released.v1"})
RETIRING = frozenset(f"{kind}.retired.v1" for kind in KINDS)
MERGING = frozenset(f"{kind}.merged.v1" for kind in KINDS)
UNMERGING = frozenset(f"{kind}.unmerged.v1" for kind in KINDS)
PLACE_AMENDED = "place.amended.v1"
REMOVAL = "record.removed.v1"

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
    """A record of another service. `place` is None for all but places, whose content alone is not sealed."""

    id: RecordId
    owner: RecordId
    status: str
    label: Json
    place: Gazetted | None = None


def known_after(known: Known | None, recorded: Recorded) -> Known | None:
    """What is known once `recorded` has happened. Types that say nothing of use change nothing."""
    event = orjson.loads(recorded.data)
    if recorded.type in BEGINNING:
        meta = read_meta(recorded.meta)
        place = gazetted(event) if recorded.type.startswith("place.") else None
        return Known(meta.record, meta.owner, ACTIVE, event["labels"][Group.BASE], place)
    if known is None:
        return None
    if recorded.type == REMOVAL:
        return replace(known, status=REMOVED, label=event["labels"][Group.BASE])
    if recorded.type in RETIRING:
        return replace(known, status=RETIRED)
    if recorded.type in RELABELLED | MERGING | UNMERGING:
        label = event["labels"].get(Group.BASE, known.label)
        return replace(known, label=label, status=_status(known.status, recorded.type))
    if recorded.type == PLACE_AMENDED:
        return replace(known, place=gazetted(event))
    return known


def _status(status: str, type_: str) -> str:
    """Merged and un-merged again, what was retired is retired."""
    if type_ in MERGING and status == ACTIVE:
        return MERGED
    return ACTIVE if type_ in UNMERGING and status == MERGED else status


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

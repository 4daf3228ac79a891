"""Which records a group of a document refers to, and how. Pure."""

from collections.abc import Iterator
from typing import Any

from services.reporting.records.document import Fields

# Fields that hold one id, by the kind of edge they make.
SINGLE = {
    "affiliation": "affiliation",
    "parent_id": "parent",
    "merged_into": "merged_into",
    "organisation_id": "organisation",
    "place_id": "place",
    "engagement_id": "given_at",
    "of": "attached_to",
}
# From a record to what was made of it.
EXTRACT = "extract"
PARTY = ("organisation_id", "person_id", "post_id")


def references(fields: Fields) -> set[tuple[str, str]]:
    """Pairs of kind and id, for the edges of one group."""
    told = {(kind, fields[name]) for name, kind in SINGLE.items() if fields.get(name)}
    place = fields.get("place")
    if isinstance(place, dict) and place.get("place_id"):
        told.add(("place", place["place_id"]))
    told |= {("participant", id_) for one in fields.get("participants", ()) for id_ in _ids(one)}
    told |= {("tie", one["organisation_id"]) for one in fields.get("ties", ())}
    told |= {("holder", one["person_id"]) for one in fields.get("holders", ())}
    told |= {
        ("linked", one["linked_to"]) for one in fields.get("people", ()) if one.get("linked_to")
    }
    told |= {(EXTRACT, one["id"]) for one in fields.get("extracts", ())}
    told |= {("evidence", id_) for id_ in fields.get("attachments", ())}
    for side in ("by", "to"):
        told |= {(f"promised_{side}", id_) for id_ in _ids(fields.get(side) or {})}
    return told


def _ids(party: dict[str, Any]) -> Iterator[str]:  # Any: JSON
    for name in PARTY:
        if party.get(name):
            yield party[name]

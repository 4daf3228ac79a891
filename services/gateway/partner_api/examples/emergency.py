"""Examples of emergency access: what is asked, and what is told."""

from pydantic import BaseModel

from services.gateway.emergency import schemas
from services.gateway.partner_api.examples.ids import (
    ENGAGEMENT,
    GLASS,
    ORGANISATION,
    OTHER_ORGANISATION,
    Json,
)

_REASON = "Convoy of 40 stopped north of the ferry; who is at the meeting must be warned"

EXAMPLES: dict[type[BaseModel], Json] = {
    schemas.BreakGlassAsked: {"caveats": ["PROTECTION"], "minutes": 60, "reason": _REASON},
    schemas.ReviewAsked: {"finding": "justified", "note": "The convoy was turned back in time"},
}
_OPENING: Json = {
    "id": GLASS,
    "account": "account-7",
    "name": "Jo Invented",
    "organisation": OTHER_ORGANISATION,
    "caveats": ["PROTECTION"],
    "reason": _REASON,
    "opened_at": "2030-01-02T09:00:00Z",
    "until": "2030-01-02T10:00:00Z",
    "open": True,
    "reads": 3,
}
_READ: Json = {
    "at": "2030-01-02T09:10:00Z",
    "way": "page",
    "organisation": OTHER_ORGANISATION,
    "account": "account-7",
    "name": None,
    "client": "person:account-7",
    "groups": ["identity"],
    "label": {
        "level": "unclassified",
        "releasable_to": [["mil"], [f"org:{ORGANISATION}"]],
        "caveats": ["PROTECTION"],
    },
    "record": ENGAGEMENT,
    "emergency": GLASS,
    "reason": _REASON,
}
SHOWN: dict[str, Json] = {
    "OpeningShown": _OPENING,
    "OpeningsShown": {"items": [_OPENING], "next_cursor": None},
    "LooksShown": {
        "items": [
            {"at": "2030-01-02T09:12:00Z", "way": "page", "groups": []},
            {name: _READ[name] for name in ("at", "way", "groups", "label", "record")}
            | {"owner": ORGANISATION},
        ],
        "next_cursor": None,
    },
    "EmergencyReadsShown": {"items": [_READ], "next_cursor": None},
}

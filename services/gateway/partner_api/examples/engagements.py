"""Examples of what partners send about engagements."""

from pydantic import BaseModel

from services.gateway.partner_api.examples.ids import OTHER_PERSON, PERSON, Json
from shared.api import engagements

_PLAN: Json = {
    "purpose": "Cattle corridor talks",
    "type": "routine_liaison",
    "starts_at": "2030-01-02T09:00:00Z",
    "duration_minutes": 60,
    "place": {"name": "Malakal"},
    "participants": [{"name": "Invented Person", "side": "counterpart"}],
    "label": {"level": "confidential", "releasable_to": [["mil"]]},
}
_DEBRIEF: Json = {
    "summary": "Both sides will keep the corridor open.",
    "atmosphere": "positive",
    "statements": [
        {
            "side": "counterpart",
            "text": "No herd was turned back this week.",
            "grade": {"reliability": "C", "credibility": "3"},
        }
    ],
}

EXAMPLES: dict[type[BaseModel], Json] = {
    engagements.PlanEngagement: _PLAN,
    engagements.PutEngagement: {**_PLAN, "series": "Corridor committee"},
    engagements.AmendEngagement: {**_PLAN, "reason": "They asked for another place"},
    engagements.RecordHeld: {
        **_PLAN,
        "type": "patrol_stop_contact",
        "starts_at": "2026-01-02T09:00:00Z",
        "debrief": _DEBRIEF,
    },
    engagements.Debrief: _DEBRIEF,
    engagements.Plan: {
        "starts_at": "2030-01-09T09:00:00Z",
        "ends_at": "2030-01-09T10:30:00Z",
    },
    engagements.Approve: {"note": "Agreed with the sector"},
    engagements.Postpone: {"starts_at": "2030-01-09T09:00:00Z", "reason": "Rain"},
    engagements.Hold: {
        "starts_at": "2026-01-02T09:20:00Z",
        "ends_at": "2026-01-02T10:10:00Z",
    },
    engagements.Cancel: {"reason": "routes", "details": "The bridge is closed"},
    engagements.Close: {"note": "Nothing is left to be done"},
    engagements.LinkParticipant: {"provisional_id": OTHER_PERSON, "person_id": PERSON},
    engagements.Nothing: {},
}

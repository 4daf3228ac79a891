"""Examples of what partners send about commitments."""

from pydantic import BaseModel

from services.gateway.partner_api.examples.ids import ATTACHMENT, ORGANISATION, Json
from shared.api import commitments

_PROMISE: Json = {
    "direction": "by_us",
    "what": "Escort the vaccination team to Akobo",
    "to": {"organisation_id": ORGANISATION},
    "due_at": "2030-02-01T16:00:00Z",
    "conditions": "The road is dry",
    "formality": "minuted",
}

EXAMPLES: dict[type[BaseModel], Json] = {
    commitments.GiveCommitment: {
        **_PROMISE,
        "external_ids": [{"system": "partner", "id": "promise-8"}],
    },
    commitments.AmendCommitment: {**_PROMISE, "reason": "The day was written down wrongly"},
    commitments.PutCommitment: _PROMISE,
    commitments.NoteProgress: {"progress": 2, "note": "Vehicles are assigned"},
    commitments.Acknowledge: {"note": "The team arrived on time"},
    commitments.Dispute: {"text": "Nobody came to the second village"},
    commitments.Keep: {
        "evidence": "The team's own report of its return",
        "attachments": [ATTACHMENT],
    },
    commitments.Break: {"reason": "The road was mined"},
    commitments.Renegotiate: {
        "due_at": "2030-03-01T16:00:00Z",
        "reason": "Both sides agreed to wait for the dry season",
    },
    commitments.Withdraw: {"reason": "The team goes by air"},
    commitments.Assess: {"assessment": "They will wait a month, not longer"},
}

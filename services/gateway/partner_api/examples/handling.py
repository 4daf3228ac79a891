"""Examples of what is asked of records of every kind: who may see them, how they are handled, batches."""

from pydantic import BaseModel

from services.gateway.explaining.schemas import PreviewExtract, PreviewRelease
from services.gateway.partner_api.examples.ids import (
    EXTRACT,
    ORGANISATION,
    OTHER_ORGANISATION,
    Json,
)
from services.gateway.partner_api.sandbox import SandboxEvent
from services.gateway.webhooks.requests import RegisterWebhook, Replay
from shared.api import common, releasing

_WIDER: Json = {"level": "unclassified", "releasable_to": [["mil"], ["un"]]}

EXAMPLES: dict[type[BaseModel], Json] = {
    common.Relabel: {
        "label": {"level": "confidential", "releasable_to": [["mil"]]},
        "reason": "It names a source",
    },
    common.WithReason: {"reason": "It was entered twice"},
    common.AskRemoval: {"ground": "erasure", "reason": "The person asked for it"},
    common.Merge: {"into": OTHER_ORGANISATION, "reason": "Two spellings of one name"},
    releasing.Mark: {
        "tags": ["CHATHAM-HOUSE"],
        "originator": ORGANISATION,
        "originator_control": True,
        "review_on": "2030-06-30",
    },
    releasing.Schedule: {
        "declassify_at": "2030-06-30T00:00:00Z",
        "label": _WIDER,
        "expires_at": "2035-01-01T00:00:00Z",
    },
    releasing.RequestRelease: {"label": _WIDER, "reason": "The agencies move there next week"},
    PreviewRelease: {"label": _WIDER, "audience": "un"},
    PreviewExtract: {
        "extract": {
            "purpose": "Talks took place",
            "type": "routine_liaison",
            "starts_at": "2030-01-02T09:00:00Z",
            "label": _WIDER,
        },
        "audience": "un",
    },
    releasing.RequestExtract: {
        "label": _WIDER,
        "reason": "Who was met and where, without what was said",
    },
    releasing.CheckExtract: {"extract": EXTRACT},
    releasing.ReleaseNote: {"note": "Agreed by telephone"},
    releasing.RefuseRelease: {"reason": "It would tell who spoke to us"},
    releasing.WithdrawRelease: {},
    RegisterWebhook: {
        "url": "https://partner.example/parley",
        "kinds": ["engagement", "commitment"],
    },
    Replay: {"since": "2030-01-02T09:00:00Z"},
    SandboxEvent: {"event": "engagement.planned"},
}

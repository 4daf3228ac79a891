"""Examples of answers, by the name of their schema."""

from services.gateway.partner_api.examples.answers_jobs import JOBS
from services.gateway.partner_api.examples.answers_records import ENGAGEMENT_SHOWN, VIEWS
from services.gateway.partner_api.examples.answers_webhooks import WEBHOOKS
from services.gateway.partner_api.examples.emergency import SHOWN as EMERGENCY
from services.gateway.partner_api.examples.ids import (
    ENGAGEMENT,
    EXTRACT,
    ORGANISATION,
    OTHER_ORGANISATION,
    PERSON,
    Json,
)
from services.gateway.partner_api.examples.labelling import SHOWN as LABELLING

_ACCEPTED: Json = {
    "id": ENGAGEMENT,
    "version": "v7Kq2",
    "position": "engagements=1:42",
    "outcome": "created",
    "hints": [],
}
_LABEL: Json = {"level": "unclassified", "releasable_to": [["un"], ["mil"]]}
_BECAUSE: Json = {
    "rule": "level",
    "needed": ["unclassified"],
    "held": ["confidential"],
    "detail": "Your clearance reaches its level.",
}
_HEAD: Json = {
    "format": "parley.head.v1",
    "mission": "unx",
    "site": "hq",
    "service": "engagements",
    "epoch": 1,
    "position": 42,
    "hash": "9f2c1d",
    "recorded_at": "2030-01-02T09:00:00Z",
    "signed_at": "2030-01-02T09:05:00Z",
    "key_id": "k1",
    "signature": "c2lnbmVk",
}

ANSWERS: dict[str, Json] = {
    **VIEWS,
    **WEBHOOKS,
    **EMERGENCY,
    **LABELLING,
    **JOBS,
    "Accepted": _ACCEPTED,
    "Validated": {"outcome": "created", "validated": True},
    "BatchAnswer": {"items": [{"key": "k-1", "status": 201, **_ACCEPTED}]},
    "Page": {"items": [ENGAGEMENT_SHOWN], "next_cursor": None},
    "Parts": {"items": [{"type": "engagement.planned.v1", "at": "2030-01-01T08:00:00Z"}]},
    "Suggestions": {
        "items": [
            {
                "id": PERSON,
                "kind": "person",
                "type": "person",
                "title": "Paramount chief, Akobo",
                "name": "Abu Deng",
                "score": 0.82,
                "owner": ORGANISATION,
                "label": _LABEL,
            }
        ]
    },
    "FeatureCollection": {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [31.65, 9.53]},
                "properties": {"count": 12},
            }
        ],
    },
    "Changes": {
        "items": [{"id": ENGAGEMENT, "kind": "engagement", "what": "changed", "group": "base"}],
        "next_cursor": "c3VzcGVuZGVk",
        "reset": False,
    },
    "Heads": {
        "items": [_HEAD],
        "keys": [
            {
                "service": "engagements",
                "key_id": "k1",
                "algorithm": "Ed25519",
                "public_key": "cHVibGlj",
            }
        ],
    },
    "RemovalAnswer": {
        "removal": {
            "ground": "erasure",
            "state": "destroyed",
            "approved_at": "2030-01-02T09:00:00Z",
            "destroyed_at": "2030-01-02T09:00:01Z",
            "refolded_at": None,
            "done_at": None,
        }
    },
    "ExtractsShown": {"of": [], "items": [{"id": EXTRACT, "source_changed": False}]},
    "Token": {"access_token": "eyJhbGciOi...", "token_type": "Bearer", "expires_in": 600},
    "AccessShown": {
        "id": ENGAGEMENT,
        "owner": ORGANISATION,
        "portions": [
            {"group": "base", "shown": True, "label": _LABEL, "because": [_BECAUSE]},
            {"group": "own_side", "shown": False},
        ],
    },
    "PreviewShown": {
        "id": ENGAGEMENT,
        "record": {"id": ENGAGEMENT, "kind": "engagement", "owner": ORGANISATION, "label": _LABEL},
        "kept_back": ["own_side"],
        "not_told": ["source"],
        "reach": [{"group": "base", "organisation": OTHER_ORGANISATION, "now": 0, "then": 2}],
    },
    "ExtractPreviewShown": {
        "of": ENGAGEMENT,
        "record": {"kind": "engagement", "owner": ORGANISATION, "label": _LABEL},
        "kept_back": [],
        "left_behind": [{"group": "base", "fields": ["participants", "place"]}],
        "said_otherwise": [{"group": "base", "fields": ["purpose"]}],
        "not_told": ["source"],
        "readers": [{"organisation": OTHER_ORGANISATION, "people": 2}],
        "needs": None,
    },
    "ReadsShown": {
        "items": [
            {
                "at": "2030-01-02T09:30:00Z",
                "way": "read",
                "organisation": OTHER_ORGANISATION,
                "account": "account-7",
                "name": None,
                "client": "reporting system",
                "groups": ["base"],
                "label": _LABEL,
            }
        ],
        "next_cursor": None,
    },
}

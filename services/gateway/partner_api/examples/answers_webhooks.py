"""Examples of what partners are told of webhooks."""

from services.gateway.partner_api.examples.ids import ENGAGEMENT, Json

_WEBHOOK: Json = {
    "id": "wh_1",
    "client_id": "client-7",
    "url": "https://partner.example/parley",
    "kinds": ["engagement"],
    "state": "active",
    "public_key": "whpk_cHVibGlj",
    "failures": 0,
    "registered_at": "2030-01-01T08:00:00Z",
}
_MESSAGE: Json = {
    "id": "msg_1",
    "type": "parley.record.changed",
    "record_id": ENGAGEMENT,
    "state": "delivered",
    "attempts": [{"at": "2030-01-02T09:00:01Z", "status": 204, "duration_milliseconds": 38}],
    "queued_at": "2030-01-02T09:00:00Z",
    "settled_at": "2030-01-02T09:00:01Z",
}

WEBHOOKS: dict[str, Json] = {
    "WebhookView": _WEBHOOK,
    "WebhookSecret": _WEBHOOK | {"state": "pending", "secret": "whsec_c2VjcmV0"},
    "Webhooks": {"items": [_WEBHOOK], "next_cursor": None},
    "WebhookMessages": {"items": [_MESSAGE], "next_cursor": None},
    "Queued": {"queued": 1, "message_id": "msg_1"},
}

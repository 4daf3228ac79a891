"""The AsyncAPI 3 document: what the feed and the webhooks tell, from the same contracts as the API."""

from functools import lru_cache
from urllib.parse import urlsplit

from pydantic.json_schema import models_json_schema

from services.gateway.feed.cloud_events import RESET
from services.gateway.partner_api.kinds import ATTACHMENTS, KINDS
from services.gateway.partner_api.openapi_parts import REFERENCE, Json, ref
from services.gateway.partner_api.schemas import VIEWS
from services.gateway.webhooks.acting import CHALLENGE, PING
from services.gateway.webhooks.signing import MEDIA_TYPE
from shared.ids import Kind

FEED, WEBHOOK = "feed", "webhook"
SIGNED: Json = {
    "type": "object",
    "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
    "properties": {
        "webhook-id": {"type": "string", "description": "The same however often it is sent."},
        "webhook-timestamp": {
            "type": "string",
            "description": "Seconds since 1970, of the attempt.",
        },
        "webhook-signature": {
            "type": "string",
            "description": "`v1,` by the secret and `v1a,` by the key pair, with blanks between.",
        },
    },
}
ID = "organisation_00000000000000000000000001"


@lru_cache
def async_document(public_url: str) -> Json:
    """The whole document. Callers must not change it."""
    told = _told()
    webhook_only = {"challenge": _plain(CHALLENGE, _challenge()), "ping": _plain(PING)}
    at = urlsplit(public_url)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parley",
            "version": "1",
            "description": "Changes of your view as they happen, as CloudEvents 1.0.",
        },
        "defaultContentType": "application/json",
        "servers": {"gateway": {"host": at.netloc, "protocol": at.scheme}},
        "channels": {
            FEED: _channel("/v1/events", "Server-Sent Events; `data` is the message.", told),
            WEBHOOK: _channel(
                None, "POST to the `url` of the webhook, signed.", told | webhook_only
            ),
        },
        "operations": {
            "tellFeed": _operation(FEED, told),
            "tellWebhook": _operation(WEBHOOK, told | webhook_only),
        },
        "components": {"messages": told | webhook_only, "schemas": _schemas()},
    }


def _told() -> Json:
    kinds = [api.kind for api in (*KINDS, ATTACHMENTS)]
    changed = {f"{kind}_changed": _changed(kind) for kind in kinds}
    revoked = {f"{kind}_revoked": _revoked(kind) for kind in kinds}
    return changed | revoked | {"reset": _plain(RESET)}


def _changed(kind: Kind) -> Json:
    named = {"id": f"{kind}_{ID.partition('_')[2]}", "kind": str(kind), "group": "base"}
    data: Json = {
        "type": "object",
        "required": ["id", "kind", "group"],
        "properties": _naming(kind)
        | {
            "group": {"type": "string", "description": "Which group of its fields."},
            "version": {"type": "string", "description": "With include=record: of your view."},
            "record": ref(VIEWS[kind]),
        },
    }
    words = "Your view of it changed. The record comes along with include=record."
    return _message(f"parley.{kind}.changed", words, data, named)


def _revoked(kind: Kind) -> Json:
    named = {"id": f"{kind}_{ID.partition('_')[2]}", "kind": str(kind)}
    data: Json = {"type": "object", "required": ["id", "kind"], "properties": _naming(kind)}
    return _message(f"parley.{kind}.revoked", "You no longer see it: forget it.", data, named)


def _naming(kind: Kind) -> Json:
    return {"id": {"type": "string"}, "kind": {"const": str(kind)}}


def _plain(type_: str, data: Json | None = None) -> Json:
    words = {
        RESET: "What you were told may be incomplete: read the lists again.",
        PING: "It means nothing; you asked for it.",
        CHALLENGE: "Answer 200 with the same `challenge` in a JSON object.",
    }
    given = {"challenge": "9f2c"} if data else {}
    return _message(type_, words[type_], data or {"type": "object"}, given)


def _challenge() -> Json:
    named: Json = {"challenge": {"type": "string"}}
    return {"type": "object", "required": ["challenge"], "properties": named}


def _message(type_: str, words: str, data: Json, example: Json) -> Json:
    head = {"specversion": "1.0", "id": "5b0c0f8e", "source": "/parley/demo/hq", "type": type_}
    payload: Json = {
        "type": "object",
        "required": [*head, "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string"},
            "source": {"type": "string"},
            "type": {"const": type_},
            "subject": {"type": "string", "description": "The record's id."},
            "datacontenttype": {"const": "application/json"},
            "data": data,
        },
    }
    subject = {"subject": example["id"]} if "id" in example else {}
    shown = {"name": type_, "payload": head | subject | {"data": example}}
    return {"name": type_, "summary": words, "payload": payload, "examples": [shown]}


def _channel(address: str | None, words: str, messages: Json) -> Json:
    listed = {name: {"$ref": f"#/components/messages/{name}"} for name in messages}
    return {"address": address, "description": words, "messages": listed}


def _operation(channel: str, messages: Json) -> Json:
    listed = [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages]
    return {"action": "send", "channel": {"$ref": f"#/channels/{channel}"}, "messages": listed}


def _schemas() -> Json:
    views = sorted(set(VIEWS.values()), key=lambda view: view.__name__)
    found = models_json_schema([(one, "serialization") for one in views], ref_template=REFERENCE)
    schemas: Json = found[1]["$defs"]
    return schemas | {"WebhookHeaders": SIGNED | {"description": f"Content type: {MEDIA_TYPE}"}}

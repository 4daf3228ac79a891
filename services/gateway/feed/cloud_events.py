"""A change of somebody's view as a CloudEvent (1.0, JSON). Thin: which record, which group of its fields."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

from services.gateway.feed.changes import REVOKED, Json, what_of
from services.gateway.wiring import Gateway
from shared.principal import Principal

RESET = "parley.feed.reset"


def changed(
    gateway: Gateway, principal: Principal, change: Json, record: Mapping[str, Any] | None
) -> dict[str, Any]:  # Any: JSON
    """`record`: the reader's view of it now, when he asked for it and still reads it."""
    revoked = what_of(change) == REVOKED
    data = {"id": change["record_id"], "kind": change["kind"]}
    if not revoked:
        data["group"] = change["group"]
    if record is not None and not revoked:
        data |= {"version": record["version"], "record": record}
    return _envelope(gateway, _id(gateway, principal, change)) | {
        "type": f"parley.{change['kind']}.{'revoked' if revoked else 'changed'}",
        "subject": change["record_id"],
        "data": data,
    }


def reset(gateway: Gateway, cursor: str) -> dict[str, Any]:  # Any: JSON
    """What was told before may be incomplete: read the lists again, then go on from here."""
    return plain(gateway, hashlib.sha256(cursor.encode()).hexdigest()[:32], RESET)


def plain(gateway: Gateway, event_id: str, type_: str) -> dict[str, Any]:  # Any: JSON
    """One that is of no record."""
    return _envelope(gateway, event_id) | {"type": type_, "data": {}}


def _envelope(gateway: Gateway, event_id: str) -> dict[str, Any]:  # Any: JSON
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/parley/{gateway.settings.mission}/{gateway.settings.site}",
        "datacontenttype": "application/json",
    }


def _id(gateway: Gateway, principal: Principal, change: Json) -> str:
    """The same whenever the change is told again, and telling nothing of its place among hidden ones."""
    parts = [principal.client, *(change[n] for n in ("source", "epoch", "position"))]
    parts += [change[name] for name in ("record_id", "group", "what")]
    secret = gateway.secret
    return hmac.digest(secret, b"change" + orjson.dumps(parts), hashlib.sha256).hex()[:32]

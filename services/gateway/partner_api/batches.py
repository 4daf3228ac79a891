"""Many writes in one request: passed on whole, each item answered alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.bodies import json_body
from services.gateway.partner_api.kinds import KindApi
from services.gateway.partner_api.scenario import require_loader
from services.gateway.partner_api.writing import Json, Write, accepted, current_views, write_of
from shared import trace


@dataclass(frozen=True, slots=True)
class Batches:
    api: KindApi

    async def sent(self, request: Request) -> Response:
        """POST /v1/<kind>s/batch. 200 with an answer per item, in order; a bad item stops no other."""
        write = await write_of(request, self.api, f"/{self.api.plural}/batch")
        if _is_timed(json_body(write.body)):
            require_loader(write.gateway, write.principal)
        answer, path = await write.send(), request.url.path
        views = await current_views(write, answer.body["items"])
        items = [_item(write, told, views, path) for told in answer.body["items"]]
        return json_answer({"items": items})


def _item(write: Write, told: Json, views: Mapping[str, Json], path: str) -> Json:
    head = {"key": told["key"], "status": told["status"]}
    if "problem" in told:
        span = trace.current()
        ours = {"instance": path, "request_id": span.trace_id if span else ""}
        return head | {"problem": told["problem"] | ours}
    if told.get("validated"):
        return head | {"outcome": told["outcome"], "validated": True}
    replayed = {"replayed": True} if told.get("replayed") else {}
    return head | accepted(write, told, views) | replayed


def _is_timed(batch: Any) -> bool:  # Any: whatever the caller sent
    """Whether any item sets the scenario's time."""
    items = batch.get("items") if isinstance(batch, dict) else None
    listed = items if isinstance(items, list) else []
    return any(isinstance(item, dict) and item.get("scenario_time") for item in listed)

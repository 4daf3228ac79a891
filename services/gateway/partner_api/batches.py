"""Many writes in one request: passed on whole, each item answered alone."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.kinds import KindApi
from services.gateway.partner_api.reading import json_body
from services.gateway.partner_api.scenario import require_loader
from services.gateway.partner_api.writing import Write, accepted, write_of
from shared import trace
from shared.clock import utc_now


@dataclass(frozen=True, slots=True)
class Batches:
    api: KindApi

    async def sent(self, request: Request) -> Response:
        """POST /v1/<kind>s/batch. 200 with an answer per item, in order; a bad item stops no other."""
        write = await write_of(request, self.api, f"/{self.api.plural}/batch")
        write = _timed(write, json_body(write.body))
        answer = await write.send()
        items = await asyncio.gather(*(_item(write, told) for told in answer.body["items"]))
        return json_answer({"items": items})


async def _item(write: Write, told: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON of a service
    head = {"key": told["key"], "status": told["status"]}
    if "problem" in told:
        span = trace.current()
        return head | {"problem": told["problem"] | {"request_id": span.trace_id if span else ""}}
    if told.get("validated"):
        return head | {"outcome": told["outcome"], "validated": True}
    return head | await accepted(write, told)


def _timed(write: Write, batch: Any) -> Write:  # Any: whatever the caller sent
    """A batch under the scenario's clock is sent under it, once its caller may. Raises ForbiddenError."""
    items = batch.get("items") if isinstance(batch, dict) else None
    listed = items if isinstance(items, list) else []
    if not any(isinstance(item, dict) and item.get("scenario_time") for item in listed):
        return write
    require_loader(write.gateway, write.principal)
    if write.principal.scenario_time:
        return write
    return replace(write, principal=replace(write.principal, scenario_time=utc_now()))

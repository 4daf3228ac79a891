"""Where a service tells how it stands: `/metrics` on its inside port, `/internal/status` to the gateway."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from shared.errors import NotFoundError
from shared.health import health_body, run_checks
from shared.http_caller import Caller
from shared.metrics_text import MEDIA_TYPE
from shared.roles import administers
from shared.telemetry import Telemetry

STATUS = "/internal/status"


def telemetry_router(telemetry: Telemetry) -> APIRouter:
    """Nobody from outside reaches a service's port; through the gateway only administrators do."""
    router = APIRouter(include_in_schema=False)

    @router.get("/metrics")
    async def metrics() -> Response:
        return PlainTextResponse(await telemetry.text(), media_type=MEDIA_TYPE)

    @router.get(STATUS)
    async def status(caller: Caller) -> dict[str, Any]:  # Any: JSON
        """Raises NotFoundError for whom totals are not meant."""
        if not administers(caller.roles):
            raise NotFoundError
        return await status_body(telemetry)

    return router


async def status_body(telemetry: Telemetry) -> dict[str, Any]:  # Any: JSON
    """Health with its reasons, and the standing."""
    health = health_body(await run_checks(telemetry.checks))
    return {"health": health, **(await telemetry.standing()).to_json()}

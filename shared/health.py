"""Does this process work (`/health/live`), and can it serve now (`/health/ready`)?"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse

CHECK_TIMEOUT_SECONDS = 3.0

# A check returns nothing when all is well and raises when it is not.
Check = Callable[[], Awaitable[object]]

_log = logging.getLogger(__name__)


def health_router(checks: Mapping[str, Check]) -> APIRouter:
    """Both endpoints. Ready means every named check passes in time; answers hold no content."""
    router = APIRouter(prefix="/health", include_in_schema=False)

    @router.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/ready")
    async def ready() -> JSONResponse:
        found = await run_checks(checks)
        well = all(found.values())
        shown = {name: "ok" if passed else "failing" for name, passed in found.items()}
        body = {"status": "ready" if well else "not_ready", "checks": shown}
        return JSONResponse(body, status_code=200 if well else 503)

    return router


async def run_checks(checks: Mapping[str, Check]) -> dict[str, bool]:
    """Every check by name and whether it passed. At most CHECK_TIMEOUT_SECONDS, all at once."""
    passed = await asyncio.gather(*(_passes(name, check) for name, check in checks.items()))
    return dict(zip(checks, passed, strict=True))


async def _passes(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
            await check()
    except Exception as wrong:  # noqa: BLE001 - whatever the reason, the answer is "not ready"
        _log.warning("a health check fails", extra={"check": name, "error": type(wrong).__name__})
        return False
    return True

"""Does this process work (`/health/live`), and can it serve now (`/health/ready`), and if not, why not?"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from shared.errors import AppError, HealthError

CHECK_TIMEOUT_SECONDS = 3.0

# A check returns nothing when all is well and raises when it is not.
Check = Callable[[], Awaitable[object]]

OK = "ok"
FAILING = "failing"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: a short code, and when that is not `ok` a sentence without content."""

    code: str
    reason: str = ""


WELL = Finding(OK)


def health_router(checks: Mapping[str, Check]) -> APIRouter:
    """Both endpoints. Ready means every named check passes in time; answers hold no content."""
    router = APIRouter(prefix="/health", include_in_schema=False)

    @router.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/ready")
    async def ready() -> JSONResponse:
        body = health_body(await run_checks(checks))
        return JSONResponse(body, status_code=200 if body["status"] == "ready" else 503)

    return router


def health_body(found: Mapping[str, Finding]) -> dict[str, object]:
    """`status` ready or not_ready, `checks` by name, and the `reasons` of those that fail."""
    reasons = {name: one.reason for name, one in found.items() if one.code != OK}
    checks = {name: one.code for name, one in found.items()}
    body: dict[str, object] = {"status": "not_ready" if reasons else "ready", "checks": checks}
    return body | ({"reasons": reasons} if reasons else {})


async def run_checks(checks: Mapping[str, Check]) -> dict[str, Finding]:
    """What every check found, by name. At most CHECK_TIMEOUT_SECONDS, all at once."""
    found = await asyncio.gather(*(_run(name, check) for name, check in checks.items()))
    return dict(zip(checks, found, strict=True))


async def _run(name: str, check: Check) -> Finding:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
            await check()
    except Exception as wrong:  # noqa: BLE001 - whatever the reason, the answer is "not ready"
        _log.warning("a health check fails", extra={"check": name, "error": type(wrong).__name__})
        return _told(wrong)
    return WELL


def _told(wrong: Exception) -> Finding:
    """Only what promises to be without content is quoted; of anything else, the kind."""
    match wrong:
        case HealthError():
            return Finding(wrong.code, str(wrong) or type(wrong).__name__)
        case AppError():
            return Finding(FAILING, wrong.detail)
        case TimeoutError():
            return Finding(FAILING, f"no answer within {CHECK_TIMEOUT_SECONDS:g} s")
        case _:
            return Finding(FAILING, type(wrong).__name__)

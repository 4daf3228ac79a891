"""What callers are told when a service says no, or says nothing."""

from collections.abc import Mapping
from typing import Any

import orjson

from shared.errors import AppError, BusyError, FieldError

RETRY_AFTER_SECONDS = 1
UNAUTHENTICATED = 401


class ServiceError(AppError):
    """A service's own problem, passed on as it is."""

    def __init__(
        self, status: int, problem: Mapping[str, Any], retry_after_seconds: int | None
    ) -> None:  # Any: JSON
        super().__init__(
            str(problem.get("detail", "")),
            code=str(problem.get("code", "internal")),
            errors=tuple(_field(wrong) for wrong in problem.get("errors", ())),
            retry_after_seconds=retry_after_seconds,
        )
        self.status = status
        self.title = str(problem.get("title", AppError.title))


def not_answering(service: str) -> BusyError:
    return BusyError(
        f"The part of the system called {service} does not answer just now; try again.",
        code="part_unavailable",
        retry_after_seconds=RETRY_AFTER_SECONDS,
    )


def refused(service: str, status: int, raw: bytes, headers: Mapping[str, str]) -> AppError:
    """The error for a service's answer of 400 or more."""
    if status == UNAUTHENTICATED:  # it does not believe us: not the caller's fault
        return AppError("The fault is on our side; the request id finds it in the logs.")
    try:
        problem = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return not_answering(service)
    if not isinstance(problem, dict) or "code" not in problem:
        return not_answering(service)
    after = headers.get("Retry-After", "")
    return ServiceError(status, problem, int(after) if after.isdigit() else None)


def _field(wrong: Mapping[str, Any]) -> FieldError:  # Any: JSON
    return FieldError(
        str(wrong.get("pointer", "")),
        str(wrong.get("code", "")),
        str(wrong.get("detail", "")),
        tuple(wrong.get("candidates", ())),
    )

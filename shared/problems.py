"""Errors as RFC 9457 problems: one shape for every answer that is not success."""

from typing import Any

from shared.errors import AppError, FieldError

MEDIA_TYPE = "application/problem+json"

Problem = dict[str, Any]  # Any: JSON


def problem(error: AppError, instance: str, request_id: str) -> Problem:
    """`instance`: the path asked for, without its query."""
    rendered: Problem = {
        "type": f"urn:parley:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": instance,
        "code": error.code,
        "request_id": request_id,
    }
    if error.errors:
        rendered["errors"] = [_field(wrong) for wrong in error.errors]
    return rendered


def headers(error: AppError) -> dict[str, str]:
    """Headers that go with the problem."""
    seconds = error.retry_after_seconds
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _field(wrong: FieldError) -> Problem:
    shown: Problem = {"pointer": wrong.pointer, "code": wrong.code, "detail": wrong.detail}
    if wrong.candidates:
        shown["candidates"] = list(wrong.candidates)
    return shown

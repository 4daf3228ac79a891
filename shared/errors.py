"""Every error a caller can be told of, each with its HTTP status and a stable code.

    AppError
    +-- InvalidError        422  the content is wrong; names the fields
    +-- MalformedError      400  not readable as a request
    +-- UnauthenticatedError 401
    +-- ForbiddenError      403  a missing role, never releasability
    |   +-- ViewingAsError       looking through the eyes of others, and about to order something
    +-- NotFoundError       404  absent or hidden: the same answer
    +-- RejectedError       409  a rule says no
    +-- ConflictError       409  another change came first (the gateway retries or answers 412)
    +-- PreconditionError   412  / PreconditionRequiredError 428
    +-- TooLargeError       413
    +-- EncodedError        415  / MediaTypeError 415
    +-- BusyError           503  try again after `retry_after_seconds`

Messages are sentences a caller can act on and hold no labelled content.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: JSON pointer into the body (or `?name` for a query parameter)."""

    pointer: str
    code: str
    detail: str
    candidates: tuple[dict[str, str], ...] = ()


class AppError(Exception):
    """An answer other than success, as the caller will see it."""

    status = 500
    code = "internal"
    title = "Something went wrong here"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: tuple[FieldError, ...] = (),
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = errors
        self.retry_after_seconds = retry_after_seconds


class MalformedError(AppError):
    status, code, title = 400, "malformed", "The request could not be read"


class UnauthenticatedError(AppError):
    status, code, title = 401, "unauthenticated", "Sign in first"


class ForbiddenError(AppError):
    status, code, title = 403, "forbidden", "Your role does not allow this"


class ViewingAsError(ForbiddenError):
    code, title = "viewing_as", "You are viewing as others"

    def __init__(
        self, detail: str = "Viewing as others is for reading; go back to your own view first."
    ) -> None:
        super().__init__(detail)


class NotFoundError(AppError):
    status, code, title = 404, "not_found", "No such record"

    def __init__(
        self, detail: str = "There is no such record, or it is not releasable to you."
    ) -> None:
        super().__init__(detail)


class RejectedError(AppError):
    status, code, title = 409, "rejected", "The record's state does not allow this"


class ConflictError(AppError):
    status, code, title = 409, "conflict", "Another change came first"


class GoneError(AppError):
    status, code, title = 410, "gone", "It was there, and is no longer"


class PreconditionError(AppError):
    status, code, title = 412, "precondition_failed", "The record has changed since you read it"


class TooLargeError(AppError):
    status, code, title = 413, "too_large", "The request is too large"


class EncodedError(AppError):
    status, code, title = 415, "encoded", "The body is packed"


class MediaTypeError(AppError):
    status, code, title = 415, "media_type", "This media type is not taken"


class InvalidError(AppError):
    status, code, title = 422, "invalid", "Some fields are not right"


class PreconditionRequiredError(AppError):
    status, code, title = 428, "precondition_required", "If-Match is required"


class BusyError(AppError):
    status, code, title = 503, "busy", "Not ready yet"


def invalid(pointer: str, code: str, detail: str) -> InvalidError:
    """An InvalidError that names one field."""
    return InvalidError(detail, errors=(FieldError(pointer, code, detail),))


class HealthError(Exception):
    """Why a part of a service is not well. Its words are for operators, and hold no content."""

    code = "failing"

"""What a caller sent, read as what was asked for: by the API's routes and by the pages' forms alike."""

from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from shared.errors import MalformedError
from shared.validation import invalid_fields

Body = TypeVar("Body", bound=BaseModel)


def json_body(raw: bytes) -> Any:  # Any: whatever a caller sent
    """Raises MalformedError."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as wrong:
        raise MalformedError("The body is not JSON.") from wrong


def body_of(model: type[Body], raw: bytes) -> Body:
    """Raises MalformedError, and InvalidError that names each wrong field."""
    told = json_body(raw)
    try:
        return model.model_validate_json(raw)
    except ValidationError as wrong:
        findings = [{**each, "loc": ("body", *each["loc"])} for each in wrong.errors()]
        raise invalid_fields(findings, told) from wrong

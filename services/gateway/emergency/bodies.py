"""What is asked of emergency access, checked: by the API's routes and by the pages' forms alike."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from services.gateway.partner_api.reading import json_body
from shared.validation import invalid_fields

Body = TypeVar("Body", bound=BaseModel)


def body_of(model: type[Body], raw: bytes) -> Body:
    """Raises MalformedError, and InvalidError that names each wrong field."""
    told: Any = json_body(raw)  # Any: whatever was sent
    try:
        return model.model_validate_json(raw)
    except ValidationError as wrong:
        findings = [{**each, "loc": ("body", *each["loc"])} for each in wrong.errors()]
        raise invalid_fields(findings, told) from wrong

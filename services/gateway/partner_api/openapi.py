"""The OpenAPI 3.1 document."""

from typing import Any


def document(public_url: str) -> dict[str, Any]:  # Any: JSON
    return {"openapi": "3.1.0", "info": {"title": "Parley", "version": "1"}, "paths": {}}

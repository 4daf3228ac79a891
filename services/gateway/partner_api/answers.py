"""How answers are written."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response


def json_answer(
    body: Any,  # Any: JSON
    status: int = 200,
    *,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    return Response(
        orjson.dumps(body),
        status_code=status,
        headers=dict(headers or {}),
        media_type=media_type,
    )


def next_link(request: Request, cursor: str | None) -> dict[str, str]:
    """The header that leads to the next page of the same question (RFC 8288); none on the last."""
    if cursor is None:
        return {}
    again = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
    following = f"{request.url.path}?{urlencode([*again, ('cursor', cursor)])}"
    return {"Link": f'<{following}>; rel="next"'}

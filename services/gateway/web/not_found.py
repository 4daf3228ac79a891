"""Addresses that are no page: told to people in their language, and to programs as a problem."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.web.page import HTMX
from services.gateway.web.routing import error_page
from shared.errors import NotFoundError
from shared.http import rendered

NOT_FOUND = 404
PROGRAMS = ("/v1/", "/oauth/", "/.well-known/", "/static/")


def answer_strangers(app: FastAPI) -> None:
    """After `render_errors`: what the framework found no route for is a page when a browser asks."""
    app.add_exception_handler(HTTPException, _answer)


async def _answer(request: Request, raised: Exception) -> Response:
    if isinstance(raised, HTTPException) and raised.status_code == NOT_FOUND and _is_page(request):
        return await error_page(request, NotFoundError())
    return rendered(request, raised)


def _is_page(request: Request) -> bool:
    wants = "text/html" in request.headers.get("accept", "") and HTMX not in request.headers
    return request.method == "GET" and wants and not request.url.path.startswith(PROGRAMS)

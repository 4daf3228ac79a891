"""The scaffolding of a service's HTTP side: who calls, what an error looks like, health."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared import logs
from shared.errors import AppError, MalformedError, NotFoundError
from shared.health import Check, health_router
from shared.http_edge import FAULT, Edge, problem_response
from shared.principal import Principal
from shared.principal_signing import HEADER, Verifier, load_verifier, request_digest
from shared.settings import ServiceSettings
from shared.validation import invalid_fields

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_service(
    settings: ServiceSettings,
    routers: Sequence[APIRouter],
    lifespan: Lifespan,
    checks: Mapping[str, Check],
    uploads: re.Pattern[str] | None = None,
) -> FastAPI:
    """A service's application. Every route but health asks for `Caller`; `checks` make it ready.

    `uploads`: paths to which files are posted.
    """
    logs.configure(settings.service, settings.log_level)
    app = FastAPI(
        title=settings.service, lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None
    )
    app.state.verifier = load_verifier(
        settings.gateway_public_key, settings.service, settings.mission
    )
    app.include_router(health_router(checks))
    for router in routers:
        app.include_router(router)
    render_errors(app)
    app.add_middleware(Edge, uploads=uploads)
    return app


async def caller(request: Request) -> Principal:
    """Who asks, as the gateway vouches for exactly this request. Raises UnauthenticatedError."""
    verifier: Verifier = request.app.state.verifier
    digest = request_digest(request.method, request_target(request), await request.body())
    return verifier.verify(request.headers.get(HEADER), digest)


Caller = Annotated[Principal, Depends(caller)]


def request_target(request: Request) -> str:
    """Path and query as they were sent, percent-encoding and all."""
    path = bytes(request.scope.get("raw_path") or request.url.path.encode()).decode("latin-1")
    query = bytes(request.scope["query_string"]).decode("latin-1")
    return f"{path}?{query}" if query else path


def render_errors(app: FastAPI) -> None:
    """Make `app` answer every error as a problem; nothing else maps errors to answers."""
    app.add_exception_handler(AppError, _render)
    app.add_exception_handler(RequestValidationError, _render)
    app.add_exception_handler(HTTPException, _render)


async def _render(request: Request, raised: Exception) -> JSONResponse:
    return problem_response(as_app_error(raised), request.url.path)


def as_app_error(raised: Exception) -> AppError:
    """What the caller is told of `raised`."""
    match raised:
        case AppError():
            return raised
        case RequestValidationError():
            return _validation_error(raised)
        case HTTPException(status_code=404):
            return NotFoundError()
        case HTTPException(status_code=405):
            return MethodError("This address does not take that method.")
        case HTTPException():
            return MalformedError("The request could not be read.")
        case _:
            return FAULT


class MethodError(AppError):
    """The framework's 405, in our shape."""

    status, code, title = 405, "method_not_allowed", "Not this method"


def _validation_error(raised: RequestValidationError) -> AppError:
    findings = raised.errors()
    if any(finding["type"] == "json_invalid" for finding in findings):
        return MalformedError("The body is not JSON.")
    if any(finding["loc"][0] == "path" for finding in findings):
        return NotFoundError()  # an id that cannot be is an id that is not there
    return invalid_fields(findings, raised.body)

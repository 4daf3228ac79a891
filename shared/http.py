"""The scaffolding of a service's HTTP side: what an error looks like, health, and how it stands."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared import logs
from shared.errors import AppError, MalformedError, NotFoundError
from shared.health import Check, health_router
from shared.http_caller import Caller as Caller
from shared.http_caller import caller as caller
from shared.http_caller import request_target as request_target
from shared.http_edge import FAULT, Edge, Uploads, problem_response
from shared.methods import tell_allowed
from shared.principal_signing import load_verifier
from shared.settings import ServiceSettings
from shared.standing import Observe, nothing_to_tell
from shared.telemetry import Telemetry, exporting
from shared.telemetry_routes import telemetry_router
from shared.validation import invalid_fields

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_service(
    settings: ServiceSettings,
    routers: Sequence[APIRouter],
    lifespan: Lifespan,
    checks: Mapping[str, Check],
    uploads: Sequence[Uploads] = (),
    observe: Observe = nothing_to_tell,
) -> FastAPI:
    """A service's application. Every route but health and metrics asks for `Caller`.

    `checks` make it ready; `uploads`: paths to which files are posted; `observe`: how it stands.
    """
    logs.configure(settings.service, settings.log_level)
    telemetry = Telemetry(checks, settings.resource, observe)

    @asynccontextmanager
    async def telling(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app), exporting(telemetry, settings.otlp_endpoint):
            yield

    app = FastAPI(
        title=settings.service, lifespan=telling, openapi_url=None, docs_url=None, redoc_url=None
    )
    app.state.verifier = load_verifier(
        settings.gateway_public_key, settings.service, settings.mission
    )
    app.include_router(health_router(checks))
    app.include_router(telemetry_router(telemetry))
    for router in routers:
        app.include_router(router)
    render_errors(app)
    app.add_middleware(Edge, uploads=uploads, durations=telemetry.durations)
    return app


def render_errors(app: FastAPI) -> None:
    """Make `app` answer every error as a problem; nothing else maps errors to answers."""
    app.add_exception_handler(AppError, _render)
    app.add_exception_handler(RequestValidationError, _render)
    app.add_exception_handler(HTTPException, _render)


async def _render(request: Request, raised: Exception) -> JSONResponse:
    return rendered(request, raised)


def rendered(request: Request, raised: Exception) -> JSONResponse:
    """`raised` as the answer to `request`."""
    answer = problem_response(as_app_error(raised), request.url.path)
    tell_allowed(request, answer.status_code, answer.headers)
    return answer


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

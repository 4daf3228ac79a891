"""The gateway as an application: what listens where."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from services.gateway.access.oauth import oauth_routes
from services.gateway.access_api.routes import access_routes
from services.gateway.emergency.routes import emergency_routes
from services.gateway.explaining.extract_routes import extract_preview_routes
from services.gateway.explaining.preview_routes import preview_routes
from services.gateway.explaining.routes import explaining_routes
from services.gateway.feed.router import feed_routes
from services.gateway.figures import figures_route, gateway_telemetry, telling
from services.gateway.jobs.routes import job_routes
from services.gateway.jobs.routes_imports import IMPORTS, import_routes
from services.gateway.jobs.working import working_at_jobs
from services.gateway.labelling.routes import labelling_routes
from services.gateway.oidc.routes import provider_routes
from services.gateway.own_password import own_password_routes
from services.gateway.partner_api.attachments import UPLOADS
from services.gateway.partner_api.router import partner_routes
from services.gateway.passkeys.routes import passkey_routes
from services.gateway.rate_limits import Buckets, RateLimitHeaders
from services.gateway.reads.routes import read_log_routes
from services.gateway.security_headers import SecurityHeaders
from services.gateway.settings import GatewaySettings
from services.gateway.sign_in import sign_in_routes
from services.gateway.web.not_found import answer_strangers
from services.gateway.web.page_import import SENT_IN
from services.gateway.web.router import web_router
from services.gateway.web.wiring import gateway_dashboard
from services.gateway.webhooks.dispatching import sending_webhooks
from services.gateway.webhooks.routes import webhook_routes
from services.gateway.wiring import Gateway, open_gateway
from shared import logs
from shared.contracts.gateway import GatewayEvent
from shared.deciding import Deciding
from shared.event_types import event_types
from shared.health import Check, health_router
from shared.http import render_errors
from shared.http_edge import Edge
from shared.memory import settled
from shared.outliving import EndsWithItsWork


def create() -> EndsWithItsWork:
    return EndsWithItsWork(settled(create_app(GatewaySettings())))


def create_app(settings: GatewaySettings, *, pages: bool = True) -> FastAPI:
    """`pages=False` leaves the dashboard out: the API alone."""
    logs.configure(settings.service, settings.log_level)

    deciding = Deciding(settings, event_types(GatewayEvent))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            open_gateway(settings, deciding) as gateway,
            telling(telemetry, settings),
            sending_webhooks(gateway) as app.state.webhooks,
            working_at_jobs(gateway) as app.state.jobs,
        ):
            app.state.gateway = gateway
            if pages:
                app.state.dashboard = gateway_dashboard(gateway, app.state.webhooks, app.state.jobs)
            yield

    app = FastAPI(
        title="Parley",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # A redirect would lead to whatever host its caller named.
        redirect_slashes=False,
    )
    app.state.buckets = Buckets(settings.requests_per_minute)
    checks = {**deciding.checks, **_checks(app, settings)}
    telemetry = gateway_telemetry(app, settings, checks)
    app.include_router(health_router(checks))
    app.router.routes.append(figures_route(telemetry))
    app.include_router(APIRouter(routes=_api_routes()))
    if pages:
        app.include_router(web_router())
    render_errors(app)
    if pages:
        answer_strangers(app)
    app.add_middleware(Edge, uploads=(UPLOADS, IMPORTS, SENT_IN), durations=telemetry.durations)
    app.add_middleware(RateLimitHeaders)
    app.add_middleware(SecurityHeaders, tls=settings.speaks_tls)
    return app


def _api_routes() -> list[BaseRoute]:
    return [
        *access_routes(),
        *oauth_routes(),
        *sign_in_routes(),
        *provider_routes(),
        *own_password_routes(),
        *passkey_routes(),
        *emergency_routes(),
        *explaining_routes(),
        *preview_routes(),
        *extract_preview_routes(),
        *labelling_routes(),
        *read_log_routes(),
        *job_routes(),
        *import_routes(),
        *partner_routes(),
        *webhook_routes(),
        *feed_routes(),
    ]


def _checks(app: FastAPI, settings: GatewaySettings) -> dict[str, Check]:
    """Ready means: the database answers, and every service behind us says it is ready."""

    async def database() -> None:
        gateway: Gateway = app.state.gateway
        await gateway.pool.fetchval("select 1")

    def service(name: str) -> Check:
        async def check() -> None:
            gateway: Gateway = app.state.gateway
            await gateway.upstream.ready(name)

        return check

    return {"database": database} | {name: service(name) for name in settings.services}

"""The gateway's own figures: to administrators at its door, to a collector at a port inside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.gateway.authentication import authenticated
from services.gateway.settings import GatewaySettings
from services.gateway.wiring import Gateway
from shared.errors import NotFoundError, UnauthenticatedError
from shared.health import Check
from shared.metrics_text import MEDIA_TYPE
from shared.roles import administers
from shared.standing import Standing
from shared.telemetry import Telemetry, exporting

METRICS = "/metrics"
STOP_SECONDS = 1.0


def gateway_telemetry(
    app: FastAPI, settings: GatewaySettings, checks: dict[str, Check]
) -> Telemetry:
    async def observe() -> Standing:
        gateway: Gateway = app.state.gateway
        return Standing(subscribers=gateway.wake.listeners)

    return Telemetry(checks, settings.resource, observe)


def figures_route(telemetry: Telemetry) -> Route:
    """GET /metrics. To whom totals are not meant there is no such address."""

    async def metrics(request: Request) -> Response:
        if not await _administers(request):
            raise NotFoundError
        return PlainTextResponse(await telemetry.text(), media_type=MEDIA_TYPE)

    return Route(METRICS, metrics, methods=["GET"])


@asynccontextmanager
async def telling(telemetry: Telemetry, settings: GatewaySettings) -> AsyncIterator[None]:
    """While open, offers the figures on the inside port, if one is set, and exports them."""
    runner = web.AppRunner(_inside(telemetry), shutdown_timeout=STOP_SECONDS)
    try:
        if settings.metrics_port:
            await runner.setup()
            await web.TCPSite(runner, settings.metrics_host, settings.metrics_port).start()
        async with exporting(telemetry, settings.otlp_endpoint):
            yield
    finally:
        await runner.cleanup()


def _inside(telemetry: Telemetry) -> web.Application:
    async def metrics(_: web.Request) -> web.Response:
        return web.Response(
            body=(await telemetry.text()).encode(), headers={"Content-Type": MEDIA_TYPE}
        )

    app = web.Application()
    app.router.add_get(METRICS, metrics)
    return app


async def _administers(request: Request) -> bool:
    try:
        return administers((await authenticated(request)).principal.roles)
    except UnauthenticatedError:
        return False

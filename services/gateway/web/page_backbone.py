"""The backbone, for administrators: chains, relays, projections and rebuilds, as each service tells them."""

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.loading import attempt
from services.gateway.web.page import Page, Reader
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_
from shared.errors import NotFoundError
from shared.roles import administers

router = APIRouter(route_class=PageRoute, include_in_schema=False)
SERVICES = ("contacts", "engagements", "reporting")
STATUS = "/internal/status"


@router.get("/backbone")
async def backbone(page: Reader) -> Response:
    shown = await _context(page)
    return page.html("backbone.html", shown | {"title": page.translated(N_("Backbone"))})


@router.get("/parts/backbone")
async def backbone_part(page: Reader) -> Response:
    return page.part("backbone_panels.html", await _context(page))


async def _context(page: Page) -> dict[str, Any]:  # Any: what a template shows
    """Raises NotFoundError for everybody else, as for any address that is not there."""
    principal = page.session.principal
    if not administers(principal.roles):
        raise NotFoundError
    upstream = page.dashboard.upstream
    told = await asyncio.gather(
        *(attempt(upstream.get(name, STATUS, {}, principal)) for name in SERVICES)
    )
    return {"services": dict(zip(SERVICES, told, strict=True))}

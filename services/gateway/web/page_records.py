"""Record pages: what this reader may see of one record, with its history and what may be done next."""

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.beside import beside
from services.gateway.web.called import called
from services.gateway.web.engagement_beside import engagement_beside
from services.gateway.web.extracts_to_check import changed_sources
from services.gateway.web.lists import PLURALS
from services.gateway.web.loading import attempt
from services.gateway.web.page import Page, Reader
from services.gateway.web.people import people
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key, steps_for
from services.gateway.web.words import N_
from shared.errors import NotFoundError
from shared.ids import Kind, RecordId

router = APIRouter(route_class=PageRoute, include_in_schema=False)

DEBRIEF = ("summary", "outcomes", "next_steps", "atmosphere", "statements")


@router.get("/engagements/{record_id}")
async def engagement(page: Reader, record_id: str) -> Response:
    return page.html("engagement.html", await record_context(page, Kind.ENGAGEMENT, record_id))


@router.get("/organisations/{record_id}")
async def organisation(page: Reader, record_id: str) -> Response:
    return page.html("organisation.html", await record_context(page, Kind.ORGANISATION, record_id))


@router.get("/places/{record_id}")
async def place(page: Reader, record_id: str) -> Response:
    return page.html("place.html", await record_context(page, Kind.PLACE, record_id))


@router.get("/records/{record_id}")
async def any_record(page: Reader, record_id: str) -> Response:
    kind = kind_of(record_id)
    if kind is Kind.COMMITMENT:
        asked = page.request.url.query
        return RedirectResponse(f"/commitments/{record_id}{'?' if asked else ''}{asked}", 303)
    return page.html(f"{kind}.html", await record_context(page, kind, record_id))


@router.get("/parts/records/{record_id}")
async def record_part(page: Reader, record_id: str) -> Response:
    kind = kind_of(record_id)
    return page.part(f"{kind}_panels.html", await record_context(page, kind, record_id))


def kind_of(record_id: str) -> Kind:
    """Raises NotFoundError for what is not the id of a record with a page."""
    try:
        kind = RecordId.parse(record_id).kind
    except ValueError:
        raise NotFoundError from None
    if kind not in PLURALS:
        raise NotFoundError
    return kind


async def record_context(page: Page, kind: Kind, record_id: str) -> dict[str, Any]:
    # Any: what a template shows
    """Raises NotFoundError when it is absent or hidden, or of another kind than the address says."""
    if kind_of(record_id) is not kind:
        raise NotFoundError
    view, history = await asyncio.gather(
        page.get(f"/records/{record_id}"), attempt(page.get(f"/records/{record_id}/history"))
    )
    return {
        **await beside(page, kind, view),
        **(await engagement_beside(page, view) if kind is Kind.ENGAGEMENT else {}),
        "changed_sources": await changed_sources(page, view),
        "title": called(view)["text"] or page.translated(N_("(erased)")),
        "tab": "history" if page.request.query_params.get("tab") == "history" else "record",
        "view": view,
        "people": people(view),
        "debrief": any(view.get(field) for field in DEBRIEF),
        "history": history,
        "steps": steps_for(page.session.principal, view, page.dashboard.policy),
        "keys": {step: new_key() for step in ("plan", "approve", "confirm", "close")},
        "base": f"/{PLURALS[kind]}",
        "kind": kind.value,
    }

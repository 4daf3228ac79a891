"""All pages in one router. Mount it on the gateway after setting `app.state.dashboard`."""

from functools import cache

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.web import (
    page_access,
    page_access_forms,
    page_account,
    page_attachments,
    page_backbone,
    page_commitment,
    page_commitment_new,
    page_commitment_steps,
    page_commitments,
    page_contact_new,
    page_contact_steps,
    page_contacts,
    page_dates,
    page_debrief,
    page_emergencies,
    page_emergency,
    page_extracts,
    page_import,
    page_jobs,
    page_lists,
    page_map,
    page_merge,
    page_moving,
    page_palette,
    page_password,
    page_plan,
    page_private,
    page_record_access,
    page_records,
    page_release,
    page_removal,
    page_removals,
    page_sign_in,
    page_steps,
    page_timeline,
    page_today,
    page_view_as,
    page_views,
    page_webhooks,
)
from services.gateway.web.dashboard import Dashboard
from services.gateway.web.page import own_view

# What may be looked at as others do. All other pages order something, or are somebody's own.
SHOWN_AS_TO_OTHERS = frozenset(
    {
        page_sign_in,
        page_today,
        page_lists,
        page_map,
        page_timeline,
        page_palette,
        page_view_as,
        page_attachments,
        page_commitments,
        page_commitment,
        page_contacts,
        page_extracts,
        page_record_access,
        page_records,
    }
)


@cache  # made once, however many gateways of one process show pages
def web_router() -> APIRouter:
    """Forms come before records: `/engagements/new` is a page, not an id."""
    router = APIRouter(include_in_schema=False)
    for pages in (
        page_sign_in,
        page_password,
        page_today,
        page_lists,
        page_map,
        page_timeline,
        page_palette,
        page_view_as,
        page_views,
        page_webhooks,
        page_import,
        page_jobs,
        page_access_forms,
        page_access,
        page_account,
        page_plan,
        page_attachments,
        page_backbone,
        page_commitments,
        page_commitment_new,
        page_commitment,
        page_commitment_steps,
        page_contact_new,
        page_private,
        page_merge,
        page_contacts,
        page_contact_steps,
        page_debrief,
        page_moving,
        page_dates,
        page_emergency,
        page_emergencies,
        page_record_access,
        page_release,
        page_removal,
        page_removals,
        page_extracts,
        page_records,
        page_steps,
    ):
        own = [] if pages in SHOWN_AS_TO_OTHERS else [Depends(own_view)]
        router.include_router(pages.router, dependencies=own)
    router.add_api_route("/static/{version}/{path:path}", _static, include_in_schema=False)
    return router


async def _static(request: Request, version: str, path: str) -> Response:
    found: Dashboard = request.app.state.dashboard
    return found.assets.answer(request, version, path)

"""Planning an engagement, or noting one that has already taken place. Works without scripts."""

from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web import words
from services.gateway.web.commands import send, writing_language
from services.gateway.web.forms import KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.organisation_names import ids_by_name, suggestions
from services.gateway.web.page import Page, Reader
from services.gateway.web.plan_form import HELD, ROWS, plan_body, plan_field
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.clock import utc_now
from shared.errors import AppError, ForbiddenError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422


@router.get("/engagements/new")
async def new(page: Reader) -> Response:
    if not page.may_create:
        raise ForbiddenError("Your role does not plan engagements.")
    start = utc_now() + timedelta(days=1)
    values = {"date": f"{start:%Y-%m-%d}", "time": "09:00", "duration_minutes": "60"}
    return await _form_page(page, Form(values | {KEY_FIELD: new_key()}))


@router.post("/engagements/new")
async def plan(page: Reader) -> Response:
    form = await submitted(page, many=("releasable_to",))
    typed = [form[f"organisation_{row}"] for row in range(ROWS)]
    body = plan_body(form, await ids_by_name(page, typed), writing_language(page))
    if form.errors:
        return await _form_page(page, form, UNPROCESSABLE)
    held = form["status"] == HELD
    try:
        made = await send(page, form, "/engagements/record_held" if held else "/engagements", body)
    except AppError as error:
        place_errors(form, error, partial(plan_field, form))
        return await _form_page(page, form, UNPROCESSABLE)
    return RedirectResponse(f"/engagements/{made}" + ("/debrief" if held else ""), 303)


@router.get("/parts/organisation-names")
async def organisation_names(page: Reader) -> Response:
    query = page.request.query_params
    typed = next((value for key, value in query.items() if key.startswith("organisation_")), "")
    return page.part("organisation_names.html", {"names": await suggestions(page, typed[:200])})


async def _form_page(page: Page, form: Form, status: int = 200) -> Response:
    return page.html("plan.html", await _context(page, form), status)


async def _context(page: Page, form: Form) -> dict[str, Any]:  # Any: what a template shows
    principal, policy = page.session.principal, page.dashboard.policy
    highest = principal.levels.get(policy.id, -1)
    return {
        "title": page.translated(N_("Plan an engagement")),
        "form": form,
        "rows": range(ROWS),
        "types": words.ENGAGEMENT_TYPE,
        "effects": words.EFFECT,
        "sides": words.SIDE,
        "levels": [level for level in policy.levels if level.ordinal <= highest],
        "communities": policy.communities,
        "names": await suggestions(page, ""),
        "base": "/engagements",
    }

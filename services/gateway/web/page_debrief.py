"""The two-minute debrief, of a meeting nobody planned and of one that was. Works without scripts."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web import debrief_form, words
from services.gateway.web.commands import send, writing_language
from services.gateway.web.debrief_form import debrief_body, debrief_field, meeting_body
from services.gateway.web.debrief_parts import (
    is_default,
    present_at,
    present_of,
    proposed_label,
    shown,
    suggested,
)
from services.gateway.web.due_words import due
from services.gateway.web.forms import KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.page_records import kind_of
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key, steps_for
from services.gateway.web.words import N_
from shared.clock import utc_now
from shared.errors import AppError, ForbiddenError, NotFoundError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
IDS_LIMIT = 60
Shown = dict[str, Any]  # Any: what a template shows


@router.get("/debrief")
async def unplanned(page: Reader) -> Response:
    if not page.may_create:
        raise ForbiddenError("Your role does not record engagements.")
    now = utc_now()
    first = {
        KEY_FIELD: new_key(),
        "date": f"{now:%Y-%m-%d}",
        "time": f"{now:%H:%M}",
        "duration_minutes": str(debrief_form.MINUTES),
        "type": "routine_liaison",
    }
    return await _form_page(page, Form(first), None)


@router.post("/debrief")
async def record_held(page: Reader) -> Response:
    form = await submitted(page, many=("releasable_to", "attending"))
    present, lang = await present_of(page, form), writing_language(page)
    body = meeting_body(form, present, _purpose(page, form), lang)
    body["debrief"] = debrief_body(form, present, partial(due, page), lang)
    if "label" not in body:
        wire = await proposed_label(page, [one.id for one in present if one.id])
        body |= {} if wire is None or is_default(page, wire) else {"label": wire}
    if not form.errors:
        try:
            made = await send(page, form, "/engagements/record_held", body)
        except AppError as error:
            place_errors(form, error, partial(debrief_field, form))
        else:
            return RedirectResponse(f"/engagements/{made}", 303)
    return await _form_page(page, form, None, UNPROCESSABLE)


@router.get("/engagements/{record_id}/debrief")
async def planned(page: Reader, record_id: str) -> Response:
    """Raises NotFoundError when this reader cannot debrief it now."""
    kind_of(record_id)
    view = await page.get(f"/records/{record_id}")
    if "debrief" not in steps_for(page.session.principal, view, page.dashboard.policy):
        raise NotFoundError
    return await _form_page(page, Form({KEY_FIELD: new_key()}), view)


@router.post("/engagements/{record_id}/debrief")
async def debrief(page: Reader, record_id: str) -> Response:
    kind_of(record_id)
    form = await submitted(page)
    view = await page.get(f"/records/{record_id}")
    present = await present_at(page, view)
    body = debrief_body(form, present, partial(due, page), writing_language(page))
    if not form.errors:
        try:
            await send(page, form, f"/engagements/{record_id}/debrief", body)
        except AppError as error:
            place_errors(form, error, partial(debrief_field, form))
        else:
            return RedirectResponse(f"/engagements/{record_id}", 303)
    return await _form_page(page, form, view, UNPROCESSABLE)


@router.get("/parts/suggested")
async def chips(page: Reader) -> Response:
    place_id = page.request.query_params.get("place_id", "")
    found = await suggested(page, place_id)
    return page.part("debrief_chips.html", {"suggested": found, "form": Form({})})


@router.get("/parts/debrief-label")
async def label(page: Reader) -> Response:
    """What the record will carry with these records named on it."""
    ids = page.request.query_params.get("ids", "").split(",")[:IDS_LIMIT]
    wire = await proposed_label(page, [id_ for id_ in ids if id_])
    return page.part("debrief_label.html", {"proposed": shown(page, wire or {})})


def _purpose(page: Page, form: Form) -> str:
    """Of type and place only: who was met may be more protected than the record itself."""
    code = form["type"] or "routine_liaison"
    said = page.translated(words.source_word("engagement_type", code))
    return f"{said}, {form['place']}" if form["place"] else said


async def _form_page(page: Page, form: Form, view: View | None, status: int = 200) -> Response:
    template = "debrief.html" if view else "debrief_now.html"
    more = await (_of_planned(page, view) if view else _of_unplanned(page, form))
    return page.html(template, _common(page, form) | more, status)


def _common(page: Page, form: Form) -> Shown:
    return {
        "title": page.translated(N_("Debrief")),
        "form": form,
        "who_rows": range(debrief_form.WHO_ROWS),
        "promise_rows": range(debrief_form.PROMISE_ROWS),
        "said_rows": range(debrief_form.SAID_ROWS),
        "sides": words.SIDE,
        "atmospheres": words.ATMOSPHERE,
        "base": "/engagements",
    }


async def _of_planned(page: Page, view: View) -> Shown:
    present = await present_at(page, view)
    return {"view": view, "present": [one for one in present if one.side != "ours"]}


async def _of_unplanned(page: Page, form: Form) -> Shown:
    policy = page.dashboard.policy
    highest = page.session.principal.levels.get(policy.id, -1)
    ids = [form[f"whoid_{row}"] for row in range(debrief_form.WHO_ROWS)]
    wire: Mapping[str, Any] | None = await proposed_label(page, [id_ for id_ in ids if id_])
    return {
        "types": words.ENGAGEMENT_TYPE,
        "suggested": await suggested(page, form["place_id"]),
        "proposed": shown(page, dict(wire or {})),
        "levels": [level for level in policy.levels if level.ordinal <= highest],
        "communities": policy.communities,
        "base": "/debrief",
    }

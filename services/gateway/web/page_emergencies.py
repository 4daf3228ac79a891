"""Emergency access as it was used: one's own, all of it for security officers, and what owners are told."""

import asyncio
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.emergency_notice import notice
from services.gateway.web.forms import GENERAL, KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.loading import attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader
from services.gateway.web.ports import View
from services.gateway.web.routing import PageRoute
from services.gateway.web.saved_view_label import owners_only
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.errors import AppError, FieldError
from shared.roles import administers

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
FINDINGS = ("justified", "not_justified")
REVIEW_FIELDS = ("finding", "note")


@router.get("/emergencies")
async def listed(page: Reader) -> Response:
    principal, emergencies = page.session.principal, page.dashboard.emergencies
    found = await emergencies.listed(principal, _cursor(page))
    shown = {
        "title": page.translated(N_("Emergency access")),
        "found": found,
        "officer": administers(principal.roles),
        "offered": emergencies.offered(principal),
        "label": owners_only(page),
        "names": await names_for(page, [], _organisations(found["items"])),
    }
    return page.html("emergencies.html", shown)


@router.get("/emergencies/{emergency_id}")
async def one(page: Reader, emergency_id: str) -> Response:
    return await _one(page, emergency_id, Form({KEY_FIELD: new_key()}))


@router.post("/emergencies/{emergency_id}/close")
async def close(page: Reader, emergency_id: str) -> Response:
    form = await submitted(page)
    await page.dashboard.emergencies.close(page.session, form[KEY_FIELD], emergency_id)
    return RedirectResponse(f"/emergencies/{emergency_id}", 303)


@router.post("/emergencies/{emergency_id}/review")
async def review(page: Reader, emergency_id: str) -> Response:
    form = await submitted(page)
    said = (form["finding"], form["note"])
    for name in REVIEW_FIELDS:
        if not form[name]:
            form.add(FieldError(f"/{name}", "missing", N_("This is needed.")), name)
    if form.errors:
        return await _one(page, emergency_id, form, UNPROCESSABLE)
    try:
        await page.dashboard.emergencies.review(page.session, form[KEY_FIELD], emergency_id, *said)
    except AppError as error:
        place_errors(form, error, _field)
        return await _one(page, emergency_id, form, UNPROCESSABLE)
    return RedirectResponse(f"/emergencies/{emergency_id}", 303)


@router.get("/emergency/reads")
async def reads(page: Reader) -> Response:
    """What emergency access let be read of the records of the reader's organisation."""
    found = await page.dashboard.emergencies.of_owner(page.session.principal, _cursor(page))
    mentioned = {one[name] for one in found["items"] for name in ("record", "organisation")}
    shown = {
        "title": page.translated(N_("Read under emergency access")),
        "found": found,
        "names": await names_for(page, [], mentioned),
    }
    return page.html("emergency_reads.html", shown)


@router.get("/parts/emergency")
async def notice_part(page: Reader) -> Response:
    return page.part("emergency_notice.html", {"emergencies": await attempt(notice(page))})


async def _one(page: Page, emergency_id: str, form: Form, status: int = 200) -> Response:
    """Raises NotFoundError for everybody but whoever opened it and security officers."""
    principal, emergencies = page.session.principal, page.dashboard.emergencies
    found, looks = await asyncio.gather(
        emergencies.one(principal, emergency_id),
        emergencies.looks(principal, emergency_id, _cursor(page)),
    )
    mentioned = {look[name] for look in looks["items"] for name in ("record", "owner")}
    own = found["account"] == principal.subject
    shown: dict[str, Any] = {  # Any: what a template shows
        "title": page.translated(N_("Emergency access")),
        "one": found,
        "looks": looks,
        "form": form,
        "own": own,
        "may_review": administers(principal.roles) and not own and not found["finding"],
        "findings": FINDINGS,
        "label": owners_only(page),
        "names": await names_for(page, [], {*mentioned, found["organisation"]} - {None}),
    }
    return page.html("emergency_one.html", shown, status)


def _cursor(page: Page) -> str | None:
    return page.request.query_params.get("cursor")


def _organisations(items: Iterable[View]) -> set[str]:
    return {one["organisation"] for one in items}


def _field(pointer: str) -> str:
    name = pointer.strip("/").split("/")[0]
    return name if name in REVIEW_FIELDS else GENERAL

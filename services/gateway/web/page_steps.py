"""What is done with an engagement after planning: accept, approve, confirm, hold, cancel, close."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web import words
from services.gateway.web.commands import send, writing_language
from services.gateway.web.forms import GENERAL, KEY_FIELD, Form, moment, place_errors, submitted
from services.gateway.web.page import Page, Reader
from services.gateway.web.page_records import kind_of
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key, steps_for
from services.gateway.web.times import parsed
from services.gateway.web.words import N_
from shared.errors import AppError, FieldError, NotFoundError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
FieldOf = Callable[[str], str]
TITLES = {
    "cancel": N_("Cancel the engagement"),
    "hold": N_("It took place"),
    "postpone": N_("Postpone the engagement"),
    "replan": N_("Plan the engagement again"),
    "link": N_("Say who somebody is"),
}
# The service's verb where it is another word than the page's.
VERBS = {"replan": "plan"}


@router.post("/engagements/{record_id}/plan")
async def accept(page: Reader, record_id: str) -> Response:
    return await _plain_step(page, record_id, "plan")


@router.post("/engagements/{record_id}/approve")
async def approve(page: Reader, record_id: str) -> Response:
    return await _plain_step(page, record_id, "approve")


@router.post("/engagements/{record_id}/close")
async def close(page: Reader, record_id: str) -> Response:
    return await _plain_step(page, record_id, "close")


@router.post("/engagements/{record_id}/confirm")
async def confirm(page: Reader, record_id: str) -> Response:
    return await _plain_step(page, record_id, "confirm")


@router.get("/engagements/{record_id}/{step}")
async def step_form(page: Reader, record_id: str, step: str) -> Response:
    view = await _view(page, record_id, step)
    starts, ends = parsed(view.get("starts_at")), parsed(view.get("ends_at"))
    provisional = page.request.query_params.get("provisional", "")
    values = {KEY_FIELD: new_key(), "provisional_id": provisional}
    if starts and ends and step == "hold":
        values |= {
            "date": f"{starts:%Y-%m-%d}",
            "time": f"{starts:%H:%M}",
            "end_date": f"{ends:%Y-%m-%d}",
            "end_time": f"{ends:%H:%M}",
        }
    return step_page(page, view, step, Form(values))


@router.post("/engagements/{record_id}/cancel")
async def cancel(page: Reader, record_id: str) -> Response:
    form = await submitted(page)
    body: dict[str, Any] = {"reason": form["reason"]}  # Any: JSON
    if not form["reason"]:
        form.add(FieldError("/reason", "missing", N_("This is needed.")), "reason")
    if form["details"]:
        body["details"] = {"text": form["details"], "lang": writing_language(page)}
    return await sent_step(page, record_id, "cancel", (form, body), first_of("reason", "details"))


@router.post("/engagements/{record_id}/hold")
async def hold(page: Reader, record_id: str) -> Response:
    form = await submitted(page)
    body = {
        "starts_at": moment(form["date"], form["time"]),
        "ends_at": moment(form["end_date"], form["end_time"]),
    }
    if None in body.values():
        form.add(FieldError("", "missing", N_("Give a date and a time.")), "date")
    return await sent_step(page, record_id, "hold", (form, body), lambda pointer: "date")


async def _plain_step(page: Page, record_id: str, step: str) -> Response:
    form = await submitted(page)
    kind_of(record_id)
    await send(page, form, f"/engagements/{record_id}/{step}", {})
    return RedirectResponse(f"/engagements/{record_id}", 303)


async def sent_step(
    page: Page,
    record_id: str,
    step: str,
    filled: tuple[Form, dict[str, Any]],  # Any: JSON
    field_of: FieldOf,
) -> Response:
    form, body = filled
    kind_of(record_id)
    if not form.errors:
        try:
            verb = VERBS.get(step, step)
            await send(page, form, f"/engagements/{record_id}/{verb}", body)
        except AppError as error:
            place_errors(form, error, field_of)
        else:
            return RedirectResponse(f"/engagements/{record_id}", 303)
    view = await page.get(f"/records/{record_id}")
    return step_page(page, view, step, form, UNPROCESSABLE)


async def _view(page: Page, record_id: str, step: str) -> dict[str, Any]:  # Any: a view
    """Raises NotFoundError for a step that this reader cannot take now."""
    kind_of(record_id)
    view = await page.get(f"/records/{record_id}")
    if step not in TITLES or step not in steps_for(
        page.session.principal, view, page.dashboard.policy
    ):
        raise NotFoundError
    return view


def step_page(
    page: Page, view: dict[str, Any], step: str, form: Form, status: int = 200
) -> Response:
    # Any: a view
    shown = {
        "title": page.translated(TITLES[step]),
        "view": view,
        "form": form,
        "reasons": words.CANCEL_REASON,
        "base": "/engagements",
    }
    return page.html(f"{step}.html", shown, status)


def first_of(*names: str) -> FieldOf:
    def found(pointer: str) -> str:
        first = pointer.strip("/").split("/")[0]
        return first if first in names else GENERAL

    return found

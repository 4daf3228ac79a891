"""What is done with a commitment, each by a form of its own: progress, keep, break, renegotiate, ..."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.commands import send, writing_language
from services.gateway.web.commitment_form import STEPS, field_of, step_body
from services.gateway.web.due_words import due
from services.gateway.web.forms import KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.page_commitment import check_commitment, commitment_context
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key
from services.gateway.web.times import parsed
from shared.errors import AppError, NotFoundError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422


@router.post("/commitments/{record_id}/accept")
async def accept(page: Reader, record_id: str) -> Response:
    form = await submitted(page)
    check_commitment(record_id)
    await send(page, form, f"/commitments/{record_id}/accept", {})
    return RedirectResponse(f"/commitments/{record_id}", 303)


@router.get("/commitments/{record_id}/{step}")
async def step_form(page: Reader, record_id: str, step: str) -> Response:
    """Raises NotFoundError for a step that this reader cannot take now."""
    shown = await commitment_context(page, record_id)
    if step not in STEPS or step not in shown["steps"]:
        raise NotFoundError
    return _form_page(page, shown, step, Form(_first_values(step, shown["view"])))


@router.post("/commitments/{record_id}/{step}")
async def take_step(page: Reader, record_id: str, step: str) -> Response:
    check_commitment(record_id)
    if step not in STEPS:
        raise NotFoundError
    form = await submitted(page, many=("attachments",))
    body = step_body(form, STEPS[step], partial(due, page), writing_language(page))
    if not form.errors:
        try:
            await send(page, form, f"/commitments/{record_id}/{step}", body)
        except AppError as error:
            place_errors(form, error, field_of)
        else:
            return RedirectResponse(f"/commitments/{record_id}", 303)
    return _form_page(page, await commitment_context(page, record_id), step, form, UNPROCESSABLE)


def _first_values(step: str, view: View) -> dict[str, str]:
    values = {KEY_FIELD: new_key()}
    if step == "renegotiate" and (at := parsed(view.get("due_at"))):
        values["due"] = f"{at:%Y-%m-%d}"
    if step == "progress" and view.get("progress") is not None:
        values["progress"] = str(view["progress"])
    if step == "assess":
        told = (view.get("own_side") or {}).get("assessment") or {}
        values["assessment"] = str(told.get("text") or "")
    return values


def _form_page(
    page: Page, shown: dict[str, Any], step: str, form: Form, status: int = 200
) -> Response:
    # Any: what a template shows
    asked = STEPS[step]
    more = {"title": page.translated(asked.title), "form": form, "step": step, "asked": asked}
    return page.html("commitment_step.html", shown | more, status)

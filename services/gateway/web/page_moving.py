"""Moving an engagement on the calendar, and saying who somebody on it is."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.choosing import ids_called
from services.gateway.web.commands import writing_language
from services.gateway.web.forms import Form, moment, submitted
from services.gateway.web.page import Reader
from services.gateway.web.page_steps import first_of, sent_step
from services.gateway.web.plan_form import words
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_
from shared.errors import FieldError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Body = dict[str, Any]  # Any: JSON, checked by the service


@router.post("/engagements/{record_id}/postpone")
async def postpone(page: Reader, record_id: str) -> Response:
    """Without a date: until further notice."""
    form = await submitted(page)
    body = _time(form) if form["date"] or form["time"] else {}
    if form["reason"]:
        body["reason"] = words(form["reason"], writing_language(page))
    return await sent_step(page, record_id, "postpone", (form, body), _field)


@router.post("/engagements/{record_id}/replan")
async def replan(page: Reader, record_id: str) -> Response:
    form = await submitted(page)
    return await sent_step(page, record_id, "replan", (form, _time(form)), _field)


@router.post("/engagements/{record_id}/link")
async def link(page: Reader, record_id: str) -> Response:
    form = await submitted(page)
    typed = form["person"]
    found = form["person_id"] or (await ids_called(page, [typed], "person")).get(typed)
    if not found:
        said = N_("Nobody whom you may see has exactly this name.")
        form.add(FieldError("/person_id", "unknown", said), "person")
    body = {"provisional_id": form["provisional_id"], "person_id": found}
    return await sent_step(page, record_id, "link", (form, body), lambda pointer: "person")


def _time(form: Form) -> Body:
    starts_at = moment(form["date"], form["time"])
    if starts_at is None:
        form.add(FieldError("/starts_at", "missing", N_("Give a date and a time.")), "date")
    return {"starts_at": starts_at}


def _field(pointer: str) -> str:
    return "date" if pointer.startswith("/starts_at") else first_of("reason")(pointer)

"""What is said of a person or a post later on, each by a form of its own."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web import person_steps
from services.gateway.web.called import called
from services.gateway.web.commands import VERSION_FIELD, Body, ordered, writing_language
from services.gateway.web.contact_page import (
    UNPROCESSABLE,
    Shown,
    back_to,
    first_form,
    step_page,
    view_for,
)
from services.gateway.web.contact_values import chosen
from services.gateway.web.forms import Form, place_errors, submitted
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.post_form import leave_body, post_body, post_field, take_body
from services.gateway.web.routing import PageRoute
from shared.clock import utc_now
from shared.errors import AppError
from shared.ids import Kind

router = APIRouter(route_class=PageRoute, include_in_schema=False)
FieldOf = Callable[[str], str]


@router.get("/people/{record_id}/{step}")
async def person_step(page: Reader, record_id: str, step: str) -> Response:
    view = await view_for(page, Kind.PERSON, record_id, step)
    form = first_form(view, step, person_steps.first_values(step, view))
    return await step_page(page, view, step, form, more=_rows(view))


@router.post("/people/{record_id}/{step}")
async def take_person_step(page: Reader, record_id: str, step: str) -> Response:
    view = await view_for(page, Kind.PERSON, record_id, step)
    form = await submitted(page)
    body = person_steps.BODIES[step](form, view, writing_language(page))
    if step == "tie":
        body["organisation_id"] = await chosen(page, form, "organisation", "organisation")
    if await _sent(page, form, view, f"/people/{record_id}/{step}", body):
        return back_to(view)
    return await step_page(page, view, step, form, UNPROCESSABLE, _rows(view))


@router.get("/posts/{record_id}/{step}")
async def post_step(page: Reader, record_id: str, step: str) -> Response:
    view = await view_for(page, Kind.POST, record_id, step)
    form = first_form(view, step, await _post_values(page, view, step))
    return await step_page(page, view, step, form)


@router.post("/posts/{record_id}/{step}")
async def take_post_step(page: Reader, record_id: str, step: str) -> Response:
    view = await view_for(page, Kind.POST, record_id, step)
    form = await submitted(page)
    body = await _post_body(page, form, view, step)
    if await _sent(page, form, view, f"/posts/{record_id}/{step}", body):
        return back_to(view)
    return await step_page(page, view, step, form, UNPROCESSABLE)


async def _sent(page: Page, form: Form, view: View, path: str, body: Body) -> bool:
    """Whether it was accepted; if not, the form says why. Sent again, it holds to what it says by then."""
    if form.errors:
        return False
    field_of = post_field if view["kind"] == Kind.POST else person_steps.person_step_field
    try:
        await ordered(page, form, "contacts", path, body)
    except AppError as error:
        place_errors(form, error, field_of)
        if form[VERSION_FIELD]:
            form.values = {**form.values, VERSION_FIELD: str(view["source_version"])}
        return False
    return True


async def _post_body(page: Page, form: Form, view: View, step: str) -> Body:
    lang = writing_language(page)
    match step:
        case "take":
            return take_body(form, await chosen(page, form, "person", "person"))
        case "leave":
            return leave_body(form, lang)
        case _:
            return post_body(form, await _ids(page, form, view), lang, view)


async def _ids(page: Page, form: Form, view: View) -> dict[str, str | None]:
    """What the reader of the form could not see stays as it is."""
    names = await names_for(page, [view])
    found: dict[str, str | None] = {}
    for field in ("organisation", "place"):
        known = str(view.get(f"{field}_id") or "")
        shown = str(called(names[known])["text"]) if known in names else ""
        unchanged = form[field] == shown
        found[f"{field}_id"] = (
            known or None if unchanged else await chosen(page, form, field, field)
        )
    return found


async def _post_values(page: Page, view: View, step: str) -> dict[str, str]:
    asked = page.request.query_params
    today = utc_now().date().isoformat()
    if step == "take":
        person = asked.get("person", "")
        known = await names_for(page, [], [person]) if person else {}
        name = str(called(known[person])["text"]) if person in known else ""
        return {"person": name, "person_id": person, "since": asked.get("since", today)[:10]}
    if step == "leave":
        return {"until": today}
    names = await names_for(page, [view])
    values = {part: str((view.get(part) or {}).get("text") or "") for part in ("name", "note")}
    for field in ("organisation", "place"):
        id_ = str(view.get(f"{field}_id") or "")
        values[field] = str(called(names[id_])["text"] or "") if id_ in names else ""
    return values | {"area": view.get("area") or ""}


def _rows(view: View) -> Shown:
    notes = (view.get("protocol") or {}).get("notes") or ()
    return {"rows": range(person_steps.ROWS), "note_rows": range(person_steps.rows_of(notes))}

"""Extracts of a record: which were made, what it is itself an extract of, and making one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.called import called
from services.gateway.web.commands import Body, ordered, writing_language
from services.gateway.web.extract_form import (
    MANY,
    extract_body,
    extract_field,
    extract_path,
    first_values,
    label_in,
    shape_of,
)
from services.gateway.web.extract_shown import foreseen
from services.gateway.web.extracts_to_check import may_check
from services.gateway.web.forms import Form, place_errors, submitted
from services.gateway.web.lists import PLURALS
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.page_dates import SERVICES
from services.gateway.web.page_records import kind_of
from services.gateway.web.plan_form import words
from services.gateway.web.release_form import ORGANISATION
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import may_date, new_key
from services.gateway.web.words import N_
from shared.errors import AppError, NotFoundError
from shared.ids import Kind
from shared.roles import Action, allowed

Shown = Mapping[str, Any]  # Any: what a template shows

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422


@router.get("/records/{record_id}/extracts")
async def extracts(page: Reader, record_id: str) -> Response:
    """Raises NotFoundError when the record is absent or hidden."""
    kind_of(record_id)
    view = await page.get(f"/records/{record_id}")
    shape = shape_of(view) if _may(page, view) else None
    return await _page(page, view, first_values(view, shape) if shape else None)


@router.post("/records/{record_id}/extracts")
async def make(page: Reader, record_id: str) -> Response:
    """Made, or asked for where it needs approval first; or only looked at: then nothing is written."""
    kind_of(record_id)
    view = await page.get(f"/records/{record_id}")
    shape = shape_of(view)
    if shape is None or not _may(page, view):
        raise NotFoundError
    form = await submitted(page, MANY)
    base, lang = f"/{PLURALS[Kind(view['kind'])]}", writing_language(page)
    if form["do"] == "ask":
        body: Body = {"label": label_in(form)}
        body |= {"reason": words(form["reason"], lang)} if form["reason"] else {}
        if await _sent(page, form, shape.service, f"{base}/{record_id}/request_extract", body):
            return RedirectResponse(f"/records/{record_id}/release", 303)
        return await _page(page, view, form, UNPROCESSABLE)
    body = extract_body(form, view, shape, lang)
    path = extract_path(view, PLURALS[Kind(view["kind"])])
    if form["do"] == "preview":
        seen = (
            None if form.errors else await _foreseen(page, form, view, (shape.service, path), body)
        )
        return await _page(page, view, form, 200 if seen else UNPROCESSABLE, seen)
    if not form.errors and (made := await _sent(page, form, shape.service, path, body)):
        return RedirectResponse(f"/records/{made}", 303)
    return await _page(page, view, form, UNPROCESSABLE)


@router.post("/records/{record_id}/extracts/{extract_id}/checked")
async def checked(page: Reader, record_id: str, extract_id: str) -> Response:
    """`extract_id` holds as the record stands: nobody is told of the change any more."""
    kind_of(record_id)
    view = await page.get(f"/records/{record_id}")
    if not may_check(page.session.principal, view):
        raise NotFoundError
    kind, form = Kind(view["kind"]), await submitted(page)
    path = f"/{PLURALS[kind]}/{record_id}/check_extract"
    service = SERVICES.get(kind, "contacts")
    if await _sent(page, form, service, path, {"extract": extract_id}):
        return RedirectResponse(f"/records/{extract_id}/extracts", 303)
    return await _page(page, view, form, UNPROCESSABLE)


def _may(page: Page, view: View) -> bool:
    principal = page.session.principal
    creates = allowed(principal.roles, Action.CREATE, Kind(view["kind"]))
    return creates and may_date(principal, view)


async def _sent(page: Page, form: Form, service: str, path: str, body: Body) -> str | None:
    """The id of what was written; None when the form says what was wrong."""
    try:
        return str((await ordered(page, form, service, path, body))["id"])
    except AppError as error:
        place_errors(form, error, extract_field)
        return None


async def _foreseen(
    page: Page, form: Form, view: View, where: tuple[str, str], body: Body
) -> Shown | None:
    """What the extract would tell whom; None when the form says what was wrong."""
    oversight, principal = page.dashboard.oversight, page.session.principal
    try:
        return await foreseen(page, view, await oversight.extract_to_be(principal, *where, body))
    except AppError as error:
        place_errors(form, error, extract_field)
        return None


async def _page(
    page: Page, view: View, form: Form | None, status: int = 200, seen: Shown | None = None
) -> Response:
    policy, told = page.dashboard.policy, await attempt(page.get(f"/records/{view['id']}/extracts"))
    marked = view.get("marked") or {}
    controlled = marked.get("originator_control") and marked.get("originator") != view["owner"]
    handling: Mapping[str, Any] = view.get("handling") or {}  # Any: JSON of a view
    highest = page.session.principal.levels.get(policy.id, -1)
    shown = {
        "title": page.translated(N_("Extracts")),
        "called": called(view),
        "view": view,
        "tab": "extracts",
        "base": f"/{PLURALS[Kind(view['kind'])]}",
        "told": told,
        "form": form,
        "shape": shape_of(view),
        "controlled": controlled,
        "waiting": handling.get("waiting"),
        "allowed": (handling.get("extract_allowed") or {}).get("labels"),
        "levels": [level for level in policy.levels if level.ordinal <= highest],
        "communities": policy.communities,
        "caveats": {id_: policy.caveats[id_] for id_ in view["label"].get("caveats") or ()},
        "names": {
            **await names_for(page, [view], _named(told, form)),
            **(seen or {}).get("names", {}),
        },
        "foreseen": seen,
        "may_check": partial(may_check, page.session.principal),
        "new_key": new_key,
    }
    return page.html("extracts.html", shown, status)


def _named(told: Mapping[str, Any] | Failed, form: Form | None) -> set[str]:  # Any: JSON
    found = [] if isinstance(told, Failed) else [*told["of"], *told["items"]]
    audiences = form.many.get("releasable_to", ()) if form else ()
    houses = {
        word.removeprefix(ORGANISATION) for word in audiences if word.startswith(ORGANISATION)
    }
    return {one["id"] for one in found} | houses

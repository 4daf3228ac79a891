"""Dates of a record's label, for its owner: when it is looked at again, opens to more people, expires."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.commands import VERSION_FIELD, Body, ordered
from services.gateway.web.forms import GENERAL, KEY_FIELD, Form, moment, place_errors, submitted
from services.gateway.web.lists import PLURALS
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.page_records import kind_of
from services.gateway.web.plan_form import label_body
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import may_date, new_key
from services.gateway.web.times import parsed
from services.gateway.web.words import N_
from shared.contracts.event import Group
from shared.errors import AppError, FieldError, NotFoundError
from shared.ids import Kind

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
SERVICES: Mapping[Kind, str] = {Kind.ENGAGEMENT: "engagements", Kind.COMMITMENT: "engagements"}
FIELDS = {"declassify_at": "opens_date", "expires_at": "expires_date", "label": "level",
          "review_on": "review_on"}  # fmt: skip


@router.get("/records/{record_id}/dates")
async def dates(page: Reader, record_id: str) -> Response:
    view = await _own(page, record_id)
    return _page(page, view, _known(view))


@router.post("/records/{record_id}/dates")
async def set_dates(page: Reader, record_id: str) -> Response:
    view = await _own(page, record_id)
    form = await submitted(page, ("releasable_to",))
    body: Body = {}
    for name, field in (("declassify_at", "opens"), ("expires_at", "expires")):
        if form[f"{field}_date"] or form[f"{field}_time"]:
            body[name] = moment(form[f"{field}_date"], form[f"{field}_time"])
            if body[name] is None:
                said = N_("Give a date and a time.")
                form.add(FieldError(f"/{name}", "missing", said), f"{field}_date")
    return await _sent(page, view, form, "schedule", body | label_body(form) | _other_groups(view))


@router.post("/records/{record_id}/review")
async def set_review(page: Reader, record_id: str) -> Response:
    """The other marks stay as they are."""
    view = await _own(page, record_id)
    form = await submitted(page)
    marked = dict(view.get("marked") or {})
    return await _sent(page, view, form, "mark", marked | {"review_on": form["review_on"] or None})


async def _sent(page: Page, view: View, form: Form, verb: str, body: Body) -> Response:
    kind = Kind(view["kind"])
    if not form.errors:
        path = f"/{PLURALS[kind]}/{view['id']}/{verb}"
        try:
            await ordered(page, form, SERVICES.get(kind, "contacts"), path, body)
        except AppError as error:
            place_errors(form, error, lambda at: FIELDS.get(at.strip("/").split("/")[0], GENERAL))
        else:
            return RedirectResponse(f"/records/{view['id']}", 303)
    form.values = {**_known(view).values, **form.values}
    return _page(page, view, form, UNPROCESSABLE)


async def _own(page: Page, record_id: str) -> View:
    """Raises NotFoundError for whoever does not set its dates."""
    kind_of(record_id)
    view = await page.get(f"/records/{record_id}")
    if not may_date(page.session.principal, view):
        raise NotFoundError
    return view


def _other_groups(view: View) -> Body:
    """Labels to come of other groups, which this form does not show, stay as they are."""
    told: Mapping[str, Any] = (view.get("handling") or {}).get("dates") or {}  # Any: JSON
    labels = {group: one for group, one in (told.get("declassify_to") or {}).items()
              if group != Group.BASE}  # fmt: skip
    return {"group_labels": labels} if labels else {}


def _known(view: View) -> Form:
    """The form as things stand."""
    told: Mapping[str, Any] = (view.get("handling") or {}).get("dates") or {}  # Any: JSON
    label = (told.get("declassify_to") or {}).get("base") or {}
    values = {
        KEY_FIELD: new_key(),
        VERSION_FIELD: str(view["source_version"]),
        "review_on": (view.get("marked") or {}).get("review_on") or "",
        "level": label.get("level") or "",
    }
    for name, field in (("declassify_at", "opens"), ("expires_at", "expires")):
        if at := parsed(told.get(name)):
            values |= {f"{field}_date": f"{at:%Y-%m-%d}", f"{field}_time": f"{at:%H:%M}"}
    audiences = [word for clause in label.get("releasable_to") or () for word in clause]
    return Form(values, {"releasable_to": audiences})


def _page(page: Page, view: View, form: Form, status: int = 200) -> Response:
    policy = page.dashboard.policy
    shown = {
        "title": page.translated(N_("Dates of the label")),
        "view": view,
        "form": form,
        "levels": policy.levels,
        "communities": policy.communities,
        "base": f"/{PLURALS[Kind(view['kind'])]}",
    }
    return page.html("dates.html", shown, status)

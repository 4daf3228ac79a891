"""Saying that two records are of the same person or organisation, after a look at what that does; and
taking it back."""

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.commands import ordered, writing_language
from services.gateway.web.contact_page import (
    UNPROCESSABLE,
    Shown,
    back_to,
    first_form,
    step_page,
    view_for,
)
from services.gateway.web.contact_values import chosen, required
from services.gateway.web.forms import GENERAL, Form, place_errors, submitted
from services.gateway.web.labels_shown import Banner
from services.gateway.web.lists import PLURALS
from services.gateway.web.marking import N_
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.plan_form import words
from services.gateway.web.routing import PageRoute
from shared.errors import AppError, FieldError, NotFoundError
from shared.ids import Kind

router = APIRouter(route_class=PageRoute, include_in_schema=False)
MERGED = {PLURALS[kind]: kind for kind in (Kind.PERSON, Kind.ORGANISATION)}
COUNTED = ("engagement", "commitment", "post")


@router.get("/{plural}/{record_id}/merge")
async def merge_form(page: Reader, plural: str, record_id: str) -> Response:
    view = await view_for(page, _kind(plural), record_id, "merge")
    return await step_page(page, view, "merge", first_form(view, "merge", {}))


@router.post("/{plural}/{record_id}/merge")
async def merge(page: Reader, plural: str, record_id: str) -> Response:
    view = await view_for(page, _kind(plural), record_id, "merge")
    form = await submitted(page)
    target = await _target(page, form, view)
    if target is None:
        return await step_page(page, view, "merge", form, UNPROCESSABLE)
    if form["confirmed"] == "yes":
        body = {"into": target["id"], "reason": words(form["reason"], writing_language(page))}
        try:
            await ordered(page, form, "contacts", f"/{plural}/{record_id}/merge", body)
        except AppError as error:
            place_errors(form, error, _field_of)
            return await step_page(page, view, "merge", form, UNPROCESSABLE)
        return back_to(view)
    return await step_page(page, view, "merge", form, more=await _preview(page, view, target))


@router.get("/{plural}/{record_id}/unmerge")
async def unmerge_form(page: Reader, plural: str, record_id: str) -> Response:
    view = await view_for(page, _kind(plural), record_id, "unmerge")
    return await step_page(page, view, "unmerge", first_form(view, "unmerge", {}))


@router.post("/{plural}/{record_id}/unmerge")
async def unmerge(page: Reader, plural: str, record_id: str) -> Response:
    view = await view_for(page, _kind(plural), record_id, "unmerge")
    form = await submitted(page)
    body = {"reason": words(form["reason"], writing_language(page))}
    try:
        await ordered(page, form, "contacts", f"/{plural}/{record_id}/unmerge", body)
    except AppError as error:
        place_errors(form, error, _field_of)
        return await step_page(page, view, "unmerge", form, UNPROCESSABLE)
    return back_to(view)


def _kind(plural: str) -> Kind:
    if plural not in MERGED:
        raise NotFoundError
    return MERGED[plural]


async def _target(page: Page, form: Form, view: View) -> View | None:
    """The record to merge into; None, and said beside its field, when it cannot be."""
    required(form, "target")
    id_ = await chosen(page, form, "target", view["kind"])
    if id_ is None or form.errors:
        return None
    try:
        found = await page.get(f"/records/{id_}")
    except NotFoundError:
        found = {}
    if found.get("kind") != view["kind"] or id_ == view["id"] or found["status"] != "active":
        said = N_("Choose another active record of the same kind.")
        form.add(FieldError("/into", "unusable", said), "target")
        return None
    return found


async def _preview(page: Page, view: View, target: View) -> Shown:
    """What will be counted under the target, and who may see this record from then on."""
    counts = await asyncio.gather(*(_count(page, kind, view["id"]) for kind in COUNTED))
    joined = Banner(page.dashboard.policy)
    joined.seen(view["label"])
    return {
        "target": target,
        "counts": list(zip(COUNTED, counts, strict=True)),
        "joined": joined.seen(target["label"]) and joined.mark,
    }


async def _count(page: Page, kind: str, party: str) -> int:
    asked = {"kind": kind, "party": party, "page_size": "1", "count": "true"}
    return int((await page.get("/records", asked))["count"])


def _field_of(pointer: str) -> str:
    return {"into": "target", "reason": "reason"}.get(pointer.strip("/").split("/")[0], GENERAL)
